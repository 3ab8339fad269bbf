#include "base/scheduler.h"

#include "base/thread.h"

#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/banned.h"

enum { NICENESS = 10, IDLE_MILLISECONDS = 60000 };

struct job {
	scheduler_job *run; /* NULL: none, or one that has ended */
	void *context;
	struct deadline due;
};

struct scheduler {
	pthread_t thread;
	pthread_mutex_t lock; /* guards what follows; not held while a job runs */
	pthread_cond_t changed;
	struct job jobs[SCHEDULER_JOBS];
	bool stopping;
};

/* The job that is due first, NULL when there is none. */
static struct job *earliest_job(struct scheduler *scheduler)
{
	struct job *earliest = NULL;

	for (size_t i = 0; i < SCHEDULER_JOBS; i++) {
		struct job *job = &scheduler->jobs[i];

		if (job->run && (!earliest || deadline_before(job->due, earliest->due)))
			earliest = job;
	}
	return earliest;
}

/* Called with the lock held. The job keeps its place in the table while it runs. */
static void run_job(struct scheduler *scheduler, struct job *job)
{
	long next;

	pthread_mutex_unlock(&scheduler->lock);
	next = job->run(job->context);
	pthread_mutex_lock(&scheduler->lock);
	job->due = deadline_after(next);
	if (next < 0)
		job->run = NULL;
}

static void *run_jobs(void *context)
{
	struct scheduler *scheduler = context;

	/* On Linux this is the priority of the calling thread alone. */
	setpriority(PRIO_PROCESS, (id_t)gettid(), NICENESS);
	pthread_mutex_lock(&scheduler->lock);
	while (!scheduler->stopping) {
		struct job *job = earliest_job(scheduler);

		if (job && deadline_passed(job->due))
			run_job(scheduler, job);
		else
			thread_wait(&scheduler->changed, &scheduler->lock,
				    job ? job->due : deadline_after(IDLE_MILLISECONDS));
	}
	pthread_mutex_unlock(&scheduler->lock);
	return NULL;
}

static void free_scheduler(struct scheduler *scheduler)
{
	pthread_cond_destroy(&scheduler->changed);
	pthread_mutex_destroy(&scheduler->lock);
	free(scheduler);
}

bool scheduler_open(struct scheduler **scheduler, struct error *err)
{
	struct scheduler *opened = calloc(1, sizeof *opened);

	if (!opened)
		return error_out_of_memory(err);
	pthread_mutex_init(&opened->lock, NULL);
	thread_condition_init(&opened->changed);
	if (!thread_start(&opened->thread, "scheduler", run_jobs, opened, err)) {
		free_scheduler(opened);
		return false;
	}
	*scheduler = opened;
	return true;
}

bool scheduler_add(struct scheduler *scheduler, scheduler_job *run, void *context,
		   struct error *err)
{
	bool added = false;

	pthread_mutex_lock(&scheduler->lock);
	for (size_t i = 0; i < SCHEDULER_JOBS && !added; i++) {
		if (scheduler->jobs[i].run)
			continue;
		scheduler->jobs[i] = (struct job){run, context, deadline_after(0)};
		added = true;
	}
	pthread_cond_signal(&scheduler->changed);
	pthread_mutex_unlock(&scheduler->lock);
	return added || error_set(err, ERROR_INTERNAL, "There are more than %d background jobs.",
				  SCHEDULER_JOBS);
}

bool scheduler_close(struct scheduler **scheduler, struct deadline deadline)
{
	struct scheduler *closing = *scheduler;

	*scheduler = NULL;
	if (!closing)
		return true;
	pthread_mutex_lock(&closing->lock);
	closing->stopping = true;
	pthread_cond_signal(&closing->changed);
	pthread_mutex_unlock(&closing->lock);
	if (!thread_join(closing->thread, deadline))
		return false;
	free_scheduler(closing);
	return true;
}
