// SPDX-License-Identifier: GPL-2.0
/*
 * Preloaded into QEMU in the exact tier: the thread that runs the vCPUs and the main loop take turns.
 *
 * With -icount QEMU's clock counts guest instructions, but the main loop is another host thread, and
 * what it does lands at whatever instruction the vCPUs have come to:
 *
 * - It asks whether all vCPUs are idle, and moves the clock on to the next timer if they are. When a
 *   guest stops its machine (the lab's READY), it is a race whether that happens before the machine
 *   counts as stopped: three of eight cold boots went on at another time than the other five. Between
 *   a guest's hlt and the moment when the instructions before it are added to the clock, it is wrong
 *   by those instructions.
 * - Timers that it runs and work that it queues kick the vCPUs out of the code that they are in. With
 *   more than one, that changes whose turn it is.
 *
 * So the main loop doesn't come back from its poll as long as a vCPU can run, however long that is: a
 * limit of one second was reached thirty times in a cold boot, and one boot in three went another way.
 * While all are idle or stopped, their thread waits for a condition; whoever signals it gives that
 * thread the turn. The guest's devices lose nothing: in the exact tier what they do is done at once, or
 * by virtual time, which stands still while the main loop has its turn. A poll of a main thread that
 * holds the big lock isn't the main loop's (aio_poll(), at QEMU's end): the vCPUs' thread may be
 * waiting for that lock.
 *
 * One vCPU that stops is no reason for the others to idle: one that spins until it answers never does
 * (READY, two vCPUs). A vCPU that has stopped is broadcast by their thread. If that has taken the big lock
 * 100,000 times since without waiting (a pause instruction does), the main loop has a turn, if it has
 * anything to do: the thread waits there until the main loop polls or waits again.
 *
 * What ends a QEMU whose vCPUs never idle is SIGKILL, and the lab's limits: SIGTERM is the main loop's
 * work. Nor would vCPUs go on that stand still because a timer of the host's clock is due; there must be
 * none, as each cuts a vCPU's turn short.
 *
 * From QEMU 7.2: accel/tcg/tcg-accel-ops-rr.c, softmmu/icount.c, util/main-loop.c. The vCPU thread is
 * known by its name, which QEMU gives it with -name debug-threads=on.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define VCPU_THREAD "ALL CPUs/TCG"
#define MOST_LOCKS  100000

/* Of glibc: the real one, also for those who lock before find_functions(). */
int __pthread_mutex_lock(pthread_mutex_t *mutex);

static int (*real_ppoll)(struct pollfd *, nfds_t, const struct timespec *, const sigset_t *);
static int (*real_wait)(pthread_cond_t *, pthread_mutex_t *);
static int (*real_signal)(pthread_cond_t *);
static int (*real_broadcast)(pthread_cond_t *);
static int (*real_setname)(pthread_t, const char *);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t main_may_run = PTHREAD_COND_INITIALIZER;
static pthread_cond_t main_has_run = PTHREAD_COND_INITIALIZER;
static struct pollfd *polled; /* by the main loop; NULL while it does something else */
static nfds_t nr_polled;
static bool main_waits;		  /* the main loop, for a condition */
static int locks_left;		  /* until the main loop has a turn; 0: no matter */
static bool is_mains_turn;	  /* their thread waits for it to end */
static pthread_cond_t *waits_for; /* what the vCPU thread waits for; NULL while it has the turn */
static pthread_mutex_t *big_lock; /* what it holds then; NULL before it waits for the first time */
static bool has_vcpus;		  /* there is a vCPU thread */
static __thread bool is_vcpus;	  /* this is it */

static void *next(const char *name, const char *version)
{
	void *function = dlvsym(RTLD_NEXT, name, version);

	if (!function) {
		fprintf(stderr, "turns: no %s of %s in the C library\n", name, version);
		_exit(1);
	}
	return function;
}

__attribute__((constructor)) static void find_functions(void)
{
	real_ppoll = next("ppoll", "GLIBC_2.4");
	real_wait = next("pthread_cond_wait", "GLIBC_2.3.2");
	real_signal = next("pthread_cond_signal", "GLIBC_2.3.2");
	real_broadcast = next("pthread_cond_broadcast", "GLIBC_2.3.2");
	real_setname = next("pthread_setname_np", "GLIBC_2.34");
	unsetenv("LD_PRELOAD"); /* not for the children */
}

static bool is_main(void)
{
	return gettid() == getpid();
}

/* The main loop polls or waits: its turn, if it was one, is over. With our lock held. */
static void end_mains_turn(void)
{
	if (is_mains_turn)
		real_signal(&main_has_run);
	is_mains_turn = false;
}

/* The vCPUs' thread, without the big lock. A main loop that waits for what was broadcast needs no turn. */
static void give_main_a_turn(void)
{
	static const struct timespec no_time;

	__pthread_mutex_lock(&lock);
	if (!main_waits && (!polled || real_ppoll(polled, nr_polled, &no_time, NULL) > 0)) {
		is_mains_turn = true;
		real_signal(&main_may_run);
		while (is_mains_turn)
			real_wait(&main_has_run, &lock);
	}
	pthread_mutex_unlock(&lock);
}

int pthread_mutex_lock(pthread_mutex_t *mutex)
{
	if (is_vcpus && locks_left && mutex == big_lock && !--locks_left)
		give_main_a_turn();
	return __pthread_mutex_lock(mutex);
}

int pthread_setname_np(pthread_t thread, const char *name)
{
	if (!strncmp(name, VCPU_THREAD, strlen(VCPU_THREAD))) {
		__pthread_mutex_lock(&lock);
		is_vcpus = has_vcpus = true;
		pthread_mutex_unlock(&lock);
	}
	return real_setname(thread, name);
}

int pthread_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex)
{
	int ret;

	if (!is_vcpus && !is_main())
		return real_wait(cond, mutex);
	__pthread_mutex_lock(&lock);
	if (is_vcpus) {
		waits_for = cond;
		big_lock = mutex;
		locks_left = 0;
		real_signal(&main_may_run);
	} else {
		main_waits = true;
		end_mains_turn();
	}
	pthread_mutex_unlock(&lock);
	ret = real_wait(cond, mutex);
	if (!is_vcpus)
		main_waits = false;
	return ret;
}

static void give_turn(pthread_cond_t *cond)
{
	__pthread_mutex_lock(&lock);
	if (waits_for == cond)
		waits_for = NULL;
	pthread_mutex_unlock(&lock);
}

int pthread_cond_signal(pthread_cond_t *cond)
{
	give_turn(cond);
	return real_signal(cond);
}

int pthread_cond_broadcast(pthread_cond_t *cond)
{
	if (is_vcpus)
		locks_left = MOST_LOCKS;
	give_turn(cond);
	return real_broadcast(cond);
}

/* By glibc's word: QEMU's mutexes are of the kind that has an owner there. */
static bool holds_big_lock(void)
{
	return big_lock && big_lock->__data.__owner == gettid();
}

int ppoll(struct pollfd *fds, nfds_t nfds, const struct timespec *timeout, const sigset_t *sigmask)
{
	int ready, saved_errno;

	if (!is_main())
		return real_ppoll(fds, nfds, timeout, sigmask);
	__pthread_mutex_lock(&lock);
	end_mains_turn();
	polled = fds;
	nr_polled = nfds;
	pthread_mutex_unlock(&lock);

	ready = real_ppoll(fds, nfds, timeout, sigmask);
	saved_errno = errno;

	__pthread_mutex_lock(&lock);
	while (has_vcpus && !waits_for && !is_mains_turn && !holds_big_lock())
		real_wait(&main_may_run, &lock);
	polled = NULL;
	pthread_mutex_unlock(&lock);
	errno = saved_errno;
	return ready;
}
