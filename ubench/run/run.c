// SPDX-License-Identifier: GPL-2.0
#include "run/run.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/param.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/array.h"
#include "record/tier.h"
#include "run/drivers/driver.h"
#include "run/drivers/idle.h"
#include "run/drivers/ticks.h"
#include "run/holds.h"
#include "run/keep.h"
#include "run/kmsg.h"
#include "run/mapper.h"
#include "run/progress.h"

/*
 * Turns are short: what disturbs a machine lasts for many samples, and is to hit all sides alike. A
 * turn sets its case up anew, so it has a warm-up of its own; two batches are enough for that.
 */
#define TURN_SAMPLES 2
#define TURN_WARMUP  2

static volatile sig_atomic_t interrupted;

static void on_signal(int sig)
{
	interrupted = sig;
}

/* No SA_RESTART: a signal ends the ioctl that is running. */
static void catch_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
}

/* The order of turns. */

static uint64_t samples_of(const struct plan *plan, size_t c)
{
	return plan->cases[c].param[GNTBENCH_P_SAMPLES];
}

static struct turn whole_case(const struct plan *plan, size_t c)
{
	return (struct turn) { c, 0, samples_of(plan, c) };
}

/*
 * All sides of one comparison have a turn in each round: forwards where the Thue-Morse sequence has
 * 0, backwards where it has 1. For two sides that is ABBA BAAB BAAB ABBA, which cancels drifts.
 */
static size_t add_rounds(const struct plan *plan, const size_t *sides, size_t nr_sides,
			 struct turn *turns)
{
	uint64_t most = 0;
	size_t n = 0;

	for (size_t i = 0; i < nr_sides; i++)
		most = MAX(most, samples_of(plan, sides[i]));
	for (uint64_t first = 0; first < most; first += TURN_SAMPLES) {
		int backwards = __builtin_parityll(first / TURN_SAMPLES);

		for (size_t i = 0; i < nr_sides; i++) {
			size_t side = sides[backwards ? nr_sides - 1 - i : i];
			uint64_t samples = samples_of(plan, side);

			if (first < samples)
				turns[n++] = (struct turn) { side, first,
							     MIN(TURN_SAMPLES, samples - first) };
		}
	}
	return n;
}

static size_t most_turns(const struct plan *plan)
{
	size_t n = 0;

	for (size_t i = 0; i < plan->nr_cases; i++)
		n += (samples_of(plan, i) + TURN_SAMPLES - 1) / TURN_SAMPLES;
	return n;
}

/* The cases from START on that are START but for KEY, START included; marks them as done. */
static size_t find_sides(const struct plan *plan, size_t start, const char *key, char **ids,
			 size_t *sides)
{
	size_t n = 0;

	sides[n++] = start;
	if (!case_takes(plan->cases[start].info, key))
		return n;
	for (size_t i = start + 1; i < plan->nr_cases; i++) {
		if (!ids[i] || strcmp(ids[i], ids[start]))
			continue;
		sides[n++] = i;
		free(ids[i]);
		ids[i] = NULL;
	}
	return n;
}

struct turn *make_turns(const struct plan *plan, const char *interleave, size_t *nr)
{
	struct turn *turns = xcalloc(most_turns(plan), sizeof(*turns));
	size_t *sides = xcalloc(plan->nr_cases, sizeof(*sides));
	char **ids = xcalloc(plan->nr_cases, sizeof(*ids));
	size_t nr_sides;

	for (size_t i = 0; interleave && i < plan->nr_cases; i++)
		ids[i] = plan_case_id(&plan->cases[i], interleave);
	*nr = 0;
	for (size_t i = 0; i < plan->nr_cases; i++) {
		if (interleave && !ids[i])
			continue; /* it was a side of an earlier one */
		nr_sides = interleave ? find_sides(plan, i, interleave, ids, sides) : 1;
		if (nr_sides > 1)
			*nr += add_rounds(plan, sides, nr_sides, turns + *nr);
		else
			turns[(*nr)++] = whole_case(plan, i);
		free(ids[i]);
	}
	free(ids);
	free(sides);
	return turns;
}

/* What a record says of a case before it ran. */

static struct record_field number_field(struct record *rec, const char *name, uint64_t number)
{
	return (struct record_field) { name, record_printf(rec, "%ju", (uintmax_t)number), true,
				       number };
}

static void describe_params(struct record *rec, const struct plan_case *plan_case,
			    struct record_case *c)
{
	const struct record_field names[] = {
		{ "unmap_mode", plan_case->unmap_mode, false, 0 },
		{ "granter", plan_case->granter, false, 0 },
		{ "mapper", plan_case->mapper, false, 0 },
		{ "hold", plan_case->hold, false, 0 },
	};
	size_t nr_names = ARRAY_SIZE(names);

	c->params = record_alloc(rec, GNTBENCH_NR_PARAMS + nr_names, sizeof(*c->params));
	for (int i = 0; i < GNTBENCH_NR_PARAMS; i++)
		if (case_takes(plan_case->info, param_infos[i].name))
			c->params[c->nr_params++] =
				number_field(rec, param_infos[i].name, plan_case->param[i]);
	for (size_t i = 0; i < nr_names; i++)
		if (*names[i].text)
			c->params[c->nr_params++] = names[i];
}

static uint64_t divisor_of(const struct plan_case *c, enum gntbench_per per)
{
	uint64_t vcpus = c->param[GNTBENCH_P_VCPUS] ?: 1;

	switch (per) {
	case GNTBENCH_PER_PAGE:
		return (c->param[GNTBENCH_P_BATCH] ?: 1) * vcpus;
	case GNTBENCH_PER_REQUEST:
		return c->param[GNTBENCH_P_REQUESTS] ?: 1;
	case GNTBENCH_PER_USE:
		return (c->param[GNTBENCH_P_BATCH] * c->param[GNTBENCH_P_TOUCHED] + 99) / 100 *
		       c->param[GNTBENCH_P_USES];
	default:
		return 1;
	}
}

static void describe_metrics(struct record *rec, const struct plan_case *plan_case,
			     struct record_case *c)
{
	c->nr_metrics = count_metrics(plan_case->info);
	c->metrics = record_alloc(rec, c->nr_metrics, sizeof(*c->metrics));
	for (size_t i = 0; i < c->nr_metrics; i++) {
		const struct gntbench_metric *from = &plan_case->info->metrics[i];
		struct record_metric *m = &c->metrics[i];
		enum gntbench_per per = plan_case_per(plan_case, from);

		m->name = from->name;
		m->unit = from->unit == GNTBENCH_COUNT ? "count" : rec->unit;
		m->per = per_names[per];
		m->divisor = divisor_of(plan_case, per);
		m->values =
			record_alloc(rec, plan_case->param[GNTBENCH_P_SAMPLES], sizeof(*m->values));
		m->waits = plan_case_waits(plan_case, from);
	}
	c->interrupts =
		record_alloc(rec, plan_case->param[GNTBENCH_P_SAMPLES], sizeof(*c->interrupts));
}

static void describe(struct record *rec, const struct plan_case *plan_case, struct record_case *c)
{
	char *id = plan_case_id(plan_case, NULL);

	c->name = plan_case->info->name;
	c->driver = plan_case->driver->name;
	c->op = plan_case->op;
	c->id = record_strdup(rec, id);
	free(id);
	c->status = CASE_ERROR;
	c->reason = "it did not run";
	describe_params(rec, plan_case, c);
	describe_metrics(rec, plan_case, c);
}

/* A turn. */

struct runner {
	struct record *rec;
	const struct plan *plan;
	const struct run_options *options;
	struct progress progress;
	int kmsg;	  /* the kernel's log; -1: it can't be read */
	bool *open;	  /* of each case: whether its driver is */
	uint64_t **holds; /* of each case, while it has turns left */
};

/* The values of a sample come together, one for each metric; a record has them metric by metric. */
static void take_values(const struct runner *r, const struct gntbench_case_info *info,
			const struct outcome *out, struct record_case *c)
{
	for (size_t i = 0; i + c->nr_metrics <= out->nr_values; i += c->nr_metrics) {
		for (size_t j = 0; j < c->nr_metrics; j++) {
			struct record_metric *m = &c->metrics[j];
			uint64_t value = out->values[i + j];

			m->values[m->nr_values++] =
				info->metrics[j].unit == GNTBENCH_COUNT ?
					value :
					tier_time(r->rec->tier, value,
						  out->tick_khz ?: r->options->tick_khz);
		}
		if (out->interrupts)
			c->interrupts[c->nr_interrupts++] = out->interrupts[i / c->nr_metrics];
	}
}

/* A speed measured with a broken oracle, or cut short, is not a result: no values are kept. */
static void drop_values(struct record_case *c)
{
	for (size_t i = 0; i < c->nr_metrics; i++)
		c->metrics[i].nr_values = 0;
	c->nr_interrupts = 0;
}

static void take_outcome(const struct runner *r, const struct turn *turn, const struct outcome *out,
			 struct record_case *c)
{
	const struct plan_case *plan_case = &r->plan->cases[turn->c];

	if (!turn->first || out->status > c->status) {
		c->status = out->status;
		c->reason = record_strdup(r->rec, out->reason);
	}
	c->oracle_checks += out->oracle_checks;
	c->oracle_broken += out->oracle_broken;
	if (c->status == CASE_OK)
		take_values(r, plan_case->info, out, c);
	else
		drop_values(c);
}

/* A module that says "ok" with fewer values than samples would make a case look better tested. */
static void check_complete(const struct request *req, struct outcome *out)
{
	size_t expected = req->nr_samples * count_metrics(req->c->info);

	if (out->status != CASE_OK || out->nr_values == expected)
		return;
	out->status = CASE_ERROR;
	snprintf(out->reason, sizeof(out->reason), "the driver gave %zu values, not %zu",
		 out->nr_values, expected);
}

/*
 * A kernel that complains while a case runs did something wrong, whatever the case saw of it. Outside of
 * the lab others may be the reason: there it is a warning.
 */
static void check_log(const struct runner *r, const struct record_case *c, struct outcome *out)
{
	struct kmsg log;

	if (r->kmsg < 0)
		return;
	out->oracle_checks++;
	kmsg_read(r->kmsg, &log, NULL);
	if (!log.alarms)
		log = out->log;
	if (!log.alarms)
		return;
	if (!r->rec->emulated) {
		record_warn(r->rec, "%s: the kernel logged %u alarms: %s", c->id, log.alarms,
			    log.alarm);
		return;
	}
	/* What was cut short is no failure, even if the kernel doesn't bear it well. */
	if (interrupted)
		return;
	out->oracle_broken++;
	if (out->status == CASE_FAILURE)
		return;
	out->status = CASE_FAILURE;
	snprintf(out->reason, sizeof(out->reason), "the kernel logged %u alarms: %.150s",
		 log.alarms, log.alarm);
}

static size_t holds_per_sample(const struct plan_case *c)
{
	size_t busy_pages = c->param[GNTBENCH_P_BUSY_PAGES];

	if (c->info->params & GNTBENCH_TAKES(BUSY_REQUESTS))
		return busy_pages * c->param[GNTBENCH_P_BUSY_REQUESTS];
	return busy_pages;
}

/*
 * All holds of a case are drawn at its first turn, so that no turn's depend on how turns are cut, and
 * kept for the others.
 */
static int draw_holds(const struct turn *turn, struct request *req, uint64_t **holds,
		      struct outcome *out)
{
	const struct plan_case *c = req->c;
	size_t per_sample = holds_per_sample(c);
	struct error err;

	if (!*c->hold)
		return 0;
	if (!*holds)
		*holds = holds_draw(c->hold, c->param[GNTBENCH_P_SAMPLES], per_sample, &err);
	if (!*holds) {
		out->status = CASE_ERROR;
		snprintf(out->reason, sizeof(out->reason), "%.255s", err.text);
		return -1;
	}
	req->holds_ns = *holds + turn->first * per_sample;
	req->nr_holds = req->nr_samples * per_sample;
	return 0;
}

/* The later turns of a case don't need all of it. */
static uint64_t warmup_of(const struct plan_case *c, const struct turn *turn)
{
	uint64_t warmup = c->param[GNTBENCH_P_WARMUP];

	return turn->first ? MIN(warmup, TURN_WARMUP) : warmup;
}

static void run_here_or_there(const struct runner *r, const struct request *req,
			      struct outcome *out)
{
	const struct plan_case *c = req->c;

	if (!*c->mapper || !strcmp(c->mapper, "dom0"))
		c->driver->run(req, out);
	else
		mapper_run(r->rec->tier, r->options->tick_khz, req, out);
}

/* Of a mapper's case, too, it is dom0 that may ask whether Xen was idle. */
static void run_case(const struct runner *r, const struct request *req, struct outcome *out)
{
	uint64_t idle_ns;

	if (!req->c->driver->never_idle || r->rec->tier != TIER_EXACT) {
		run_here_or_there(r, req, out);
	} else if (idle_read(&idle_ns, out)) {
		run_here_or_there(r, req, out);
		if (out->status == CASE_OK)
			idle_check(idle_ns, out);
	}
}

static void take_turn(struct runner *r, const struct turn *turn)
{
	const struct plan_case *plan_case = &r->plan->cases[turn->c];
	struct record_case *c = &r->rec->cases[turn->c];
	struct request req = { .c = plan_case,
			       .nr_samples = turn->nr_samples,
			       .nr_warmup = warmup_of(plan_case, turn),
			       .aligned = r->rec->tier == TIER_EXACT,
			       .fault = r->options->fault };
	uint64_t **holds = &r->holds[turn->c];
	struct outcome out = { 0 };

	progress_turn(&r->progress, c->id);
	if (!draw_holds(turn, &req, holds, &out)) {
		run_case(r, &req, &out);
		check_complete(&req, &out);
		check_log(r, c, &out);
	}
	take_outcome(r, turn, &out, c);
	if (turn->first + turn->nr_samples == samples_of(r->plan, turn->c)) {
		for (size_t i = 0; i < c->nr_metrics; i++)
			summarize(c->metrics[i].values, c->metrics[i].nr_values,
				  &c->metrics[i].summary);
		progress_result(&r->progress, c);
		keep_case(r->options->keep, c, turn->c);
		free(*holds);
		*holds = NULL;
	}
	free(out.interrupts);
	free(out.values);
}

/* The first case of PLAN with the driver of case I. */
static size_t first_of_driver(const struct plan *plan, size_t i)
{
	size_t first = 0;

	while (plan->cases[first].driver != plan->cases[i].driver)
		first++;
	return first;
}

static void open_drivers(const struct runner *r)
{
	struct record_case *cases = r->rec->cases;
	struct error err;

	for (size_t i = 0; i < r->plan->nr_cases; i++) {
		size_t first = first_of_driver(r->plan, i);

		if (first == i)
			r->open[i] = !r->plan->cases[i].driver->open(&err);
		r->open[i] = r->open[first];
		if (!r->open[i])
			cases[i].reason = first == i ? record_strdup(r->rec, err.text) :
						       cases[first].reason;
	}
}

static bool any_open(const struct runner *r)
{
	for (size_t i = 0; i < r->plan->nr_cases; i++)
		if (r->open[i])
			return true;
	return false;
}

static void close_drivers(const struct runner *r)
{
	for (size_t i = 0; i < r->plan->nr_cases; i++)
		if (r->open[i] && first_of_driver(r->plan, i) == i)
			r->plan->cases[i].driver->close();
}

/* A case that was stopped between two of its turns. */
static void mark_unfinished(struct record *rec, const struct plan *plan)
{
	for (size_t i = 0; i < rec->nr_cases; i++) {
		struct record_case *c = &rec->cases[i];

		if (c->status != CASE_OK || c->metrics[0].nr_values == samples_of(plan, i))
			continue;
		c->status = CASE_ERROR;
		c->reason = "interrupted before its last turn";
		drop_values(c);
	}
}

/* A case of busy pages that never found one measured something else. */
static void warn_if_idle(struct record *rec, const struct record_case *c)
{
	const struct record_metric *attempts = record_find_metric(c, "attempts");
	const struct record_field *busy_pages = record_find_param(c, "busy_pages");

	if (c->status == CASE_OK && attempts && attempts->summary.max <= 1 && busy_pages &&
	    busy_pages->number)
		record_warn(rec, "%s: no page was ever found in use; longer hold times are needed",
			    c->id);
}

/*
 * In the exact tier the clock is virtual, and a pause costs nothing: begin at a full minute since the
 * boot, however long it took to get here (the job's size, what was loaded before). Xen's and Linux'
 * own timers then are due in the same places of the run.
 */
static void begin_at_full_minute(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	at.tv_sec += 60 - at.tv_sec % 60;
	at.tv_nsec = 0;
	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL);
}

void run_plan(struct record *rec, const struct plan *plan, const struct run_options *options)
{
	struct runner r = { .rec = rec, .plan = plan, .options = options, .kmsg = kmsg_open() };
	struct turn *turns;
	size_t nr_turns;

	rec->nr_cases = plan->nr_cases;
	rec->cases = record_alloc(rec, plan->nr_cases, sizeof(*rec->cases));
	for (size_t i = 0; i < plan->nr_cases; i++)
		describe(rec, &plan->cases[i], &rec->cases[i]);
	r.open = record_alloc(rec, plan->nr_cases, sizeof(*r.open));
	r.holds = record_alloc(rec, plan->nr_cases, sizeof(*r.holds));
	turns = make_turns(plan, options->interleave, &nr_turns);
	ticks_mark(MARK_DOM0);
	catch_signals();
	open_drivers(&r);
	keep_record(options->keep, rec);
	if (rec->tier == TIER_EXACT && any_open(&r))
		begin_at_full_minute();
	progress_begin(&r.progress, stdout, nr_turns);
	for (size_t i = 0; i < nr_turns && !interrupted; i++) {
		if (r.open[turns[i].c])
			take_turn(&r, &turns[i]);
		else if (!turns[i].first)
			progress_result(&r.progress, &rec->cases[turns[i].c]);
	}
	progress_end(&r.progress);
	if (interrupted)
		record_warn(rec, "interrupted by signal %d: not all cases ran", (int)interrupted);
	mark_unfinished(rec, plan);
	for (size_t i = 0; i < rec->nr_cases; i++)
		warn_if_idle(rec, &rec->cases[i]);
	close_drivers(&r);
	if (r.kmsg >= 0)
		close(r.kmsg);
	for (size_t i = 0; i < rec->nr_cases; i++)
		free(r.holds[i]);
	free(turns);
}

enum status run_status(const struct record *rec)
{
	static const enum status statuses[NR_CASE_STATUSES] = {
		[CASE_OK] = STATUS_OK,
		[CASE_SKIP] = STATUS_OK,
		[CASE_ERROR] = STATUS_ERROR,
		[CASE_FAILURE] = STATUS_FAILURE,
	};
	enum case_status worst = CASE_OK;
	size_t nr_ok = 0;

	for (size_t i = 0; i < rec->nr_cases; i++) {
		if (rec->cases[i].status > worst)
			worst = rec->cases[i].status;
		nr_ok += rec->cases[i].status == CASE_OK;
	}
	/* All skipped is not a pass. */
	return worst == CASE_SKIP && !nr_ok ? STATUS_ERROR : statuses[worst];
}
