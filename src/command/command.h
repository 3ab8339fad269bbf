/*
 * command: the subcommands. Each takes its own arguments (argv[0] is its name) and returns the
 * exit status: 0 done, 1 failed, 2 wrong usage; doctor has one more. Errors are one sentence on
 * standard error.
 */
#pragma once

int command_serve(int argc, char **argv);
int command_migrate(int argc, char **argv);
int command_import(int argc, char **argv);
int command_export(int argc, char **argv);
int command_routes(int argc, char **argv);
int command_doctor(int argc, char **argv);
int command_health(int argc, char **argv);
