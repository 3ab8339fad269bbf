# embed(NAME GLOB): a static library NAME that contains every file that matches the glob.
#
# For a file first.sql, `#include "NAME.h"` declares `extern const struct embedded NAME_first;` and a list
# of all files sorted by name, `NAME[]`, which ends with a null pointer.
set(EMBED_SCRIPT ${CMAKE_CURRENT_LIST_DIR}/embed_files.cmake)
find_program(NODE node REQUIRED)

function(embed name glob)
  file(GLOB files CONFIGURE_DEPENDS ${glob})
  embed_files(${name} ${files})
endfunction()

function(embed_files name)
  set(out ${CMAKE_BINARY_DIR}/generated/${name})
  add_custom_command(
    OUTPUT ${out}.c ${out}.h
    COMMAND ${CMAKE_COMMAND} -DNAME=${name} -DOUT=${out} "-DFILES=${ARGN}" -P ${EMBED_SCRIPT}
    DEPENDS ${ARGN} ${EMBED_SCRIPT}
    COMMENT "Embedding ${name}"
    VERBATIM)
  add_library(${name} STATIC ${out}.c ${out}.h)
  target_link_libraries(${name} PUBLIC base)
endfunction()

# The target `pages`: the HTML pages in both languages, listed in RENDERED, and problem_types.h, the table
# of problem types for src/http/problem/problem.c.
function(render_pages)
  set(pages ${CMAKE_SOURCE_DIR}/pages)
  set(script ${CMAKE_SOURCE_DIR}/cmake/pages.mjs)
  set(out ${CMAKE_BINARY_DIR}/generated)
  set(rendered "")
  set(names docs policy problems)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${pages}/problems.json)
  file(READ ${pages}/problems.json problems)
  string(JSON count LENGTH "${problems}")
  math(EXPR last "${count} - 1")
  foreach(i RANGE ${last})
    string(JSON name MEMBER "${problems}" ${i})
    list(APPEND names ${name})
  endforeach()
  foreach(name IN LISTS names)
    list(APPEND rendered ${out}/pages/${name}.en.html ${out}/pages/${name}.fr.html)
  endforeach()
  file(GLOB sources CONFIGURE_DEPENDS ${pages}/*.html ${pages}/*.json)
  add_custom_command(
    OUTPUT ${rendered} ${out}/problem_types.h
    COMMAND ${NODE} ${script} ${pages} ${out}/pages ${out}/problem_types.h
    DEPENDS ${sources} ${script}
    COMMENT "Rendering pages"
    VERBATIM)
  add_custom_target(pages DEPENDS ${rendered} ${out}/problem_types.h)
  set(RENDERED ${rendered} PARENT_SCOPE)
endfunction()

# Static files, plain and compressed: the contract, the pages and what they load, and Swagger UI. `./dev`
# installs Swagger UI with npm. If it is missing, the program is built without the reference, unless
# REFERENCE is ON, which makes this an error.
function(embed_static_files)
  find_package(Python3 REQUIRED COMPONENTS Interpreter)
  set(contract ${CMAKE_SOURCE_DIR}/openapi.yaml)
  set(package ${CMAKE_SOURCE_DIR}/pages/reference/node_modules/swagger-ui-dist)
  set(pages ${CMAKE_SOURCE_DIR}/pages)
  set(out ${CMAKE_BINARY_DIR}/generated/static_files_packed)
  set(packed "")
  file(MAKE_DIRECTORY ${out})
  add_custom_command(
    OUTPUT ${out}/contract.json
    COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/cmake/contract_json.py ${contract} ${out}/contract.json
    DEPENDS ${contract} ${CMAKE_SOURCE_DIR}/cmake/contract_json.py
    VERBATIM)
  pack(openapi.json ${out}/contract.json)
  pack(openapi.yaml ${contract})
  pack(favicon.ico ${pages}/icon.svg)
  pack(page.css ${pages}/page.css)
  pack(reference.css ${pages}/reference.css)
  pack(reference.js ${pages}/start.js)
  foreach(page IN LISTS RENDERED)
    cmake_path(GET page STEM LAST_ONLY name)
    pack(${name} ${page})
  endforeach()
  if(EXISTS ${package})
    pack(swagger-ui.css ${package}/swagger-ui.css)
    pack(swagger-ui-bundle.js ${package}/swagger-ui-bundle.js)
    pack(swagger-ui-licence.txt ${package}/NOTICE ${package}/LICENSE
      ${package}/swagger-ui-bundle.js.LICENSE.txt)
  elseif(REFERENCE)
    message(FATAL_ERROR "The reference is missing: npm ci --prefix pages/reference")
  else()
    message(WARNING "Without the interactive reference: npm ci --prefix pages/reference")
  endif()
  embed_files(static_files ${packed})
  add_dependencies(static_files pages)
endfunction()

macro(pack name)
  set(made ${out}/${name}-gzip.bin ${out}/${name}-br.bin ${out}/${name}-plain.bin)
  add_custom_command(
    OUTPUT ${made}
    COMMAND ${NODE} ${CMAKE_SOURCE_DIR}/cmake/pack.mjs ${out}/${name} ${ARGN}
    DEPENDS ${ARGN} ${CMAKE_SOURCE_DIR}/cmake/pack.mjs
    COMMENT "Packing ${name}"
    VERBATIM)
  list(APPEND packed ${made})
endmacro()
