// SPDX-License-Identifier: GPL-2.0
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "ktap.h"
#include "request.h"

/* clang-format off */
const struct gntbench_case_info request_cases[] = {
#define GNTBENCH_CASE(...) GNTBENCH_CASE_INFO(__VA_ARGS__),
#include "gntbench_cases.h"
#undef GNTBENCH_CASE
};
/* clang-format on */

const unsigned int request_nr_cases = ARRAY_SIZE(request_cases);

/* clang-format off */
const char *const request_fault_names[] = {
	"none",
#define GNTBENCH_FAULT(_id, _name, ...) _name,
	GNTBENCH_FAULTS(GNTBENCH_FAULT)
#undef GNTBENCH_FAULT
};
/* clang-format on */

static const struct {
	const char *name;
	uint64_t value;
} params[] = {
#define GNTBENCH_PARAM(_id, _name, _unit, _min, _max, _default, ...) { _name, _default },
	GNTBENCH_PARAMS(GNTBENCH_PARAM)
#undef GNTBENCH_PARAM
};

#define PARAMS_OF_ALL \
	(GNTBENCH_TAKES(SAMPLES) | GNTBENCH_TAKES(WARMUP) | GNTBENCH_TAKES(TIMEOUT_MS))

/* A name that fills the field has no NUL: the module must see that. */
static void copy_name(char *field, const char *name)
{
	memset(field, 0, GNTBENCH_NAME_LEN);
	memcpy(field, name, strnlen(name, GNTBENCH_NAME_LEN));
}

static const struct gntbench_case_info *find_case(const char *name)
{
	unsigned int i;

	for (i = 0; i < request_nr_cases; i++)
		if (!strcmp(request_cases[i].name, name))
			return &request_cases[i];
	return NULL;
}

static void set_defaults(struct request *r, const struct gntbench_case_info *info)
{
	uint64_t takes = info->params | PARAMS_OF_ALL;
	unsigned int i;

	for (i = 0; i < GNTBENCH_NR_PARAMS; i++)
		if (takes & (1ULL << i))
			r->run.param[i] = params[i].value;
	if (takes & GNTBENCH_TAKES(UNMAP_MODE))
		copy_name(r->run.unmap_mode, "async");
	if (takes & GNTBENCH_TAKES(GRANTER))
		r->run.granter = GNTBENCH_SELF;
}

/* Fields that request_make() fills in at the end. */
#define NOT_SET	 UINT64_MAX
#define NO_HOLDS UINT32_MAX

static void *allocate(uint64_t nr)
{
	void *array = calloc(nr ? nr : 1, sizeof(uint64_t));

	if (!array)
		err(2, "%llu numbers", (unsigned long long)nr);
	return array;
}

static void set_values(struct request *r, const struct gntbench_case_info *info)
{
	uint64_t samples = r->run.param[GNTBENCH_P_SAMPLES];
	unsigned int nr_metrics = 0;

	while (info->metrics[nr_metrics].name)
		nr_metrics++;
	if (samples > 1000000) /* refused by the module, we hope: no room needed */
		samples = 1;
	r->values = allocate(samples * nr_metrics);
	if (r->run.nr_values == NOT_SET)
		r->run.nr_values = samples * nr_metrics;
	if (r->run.values == NOT_SET)
		r->run.values = (uintptr_t)r->values;
}

/* The same hold time for every busy page of every sample. */
static void set_holds(struct request *r, const struct gntbench_case_info *info, uint64_t hold_ns)
{
	const __u64 *p = r->run.param;
	uint64_t nr = p[GNTBENCH_P_SAMPLES] * p[GNTBENCH_P_BUSY_PAGES];
	uint64_t i;

	if (info->params & GNTBENCH_TAKES(BUSY_REQUESTS))
		nr *= p[GNTBENCH_P_BUSY_REQUESTS];
	if (nr > GNTBENCH_MAX_HOLDS)
		nr = GNTBENCH_MAX_HOLDS;
	r->hold_ns = allocate(nr);
	for (i = 0; i < nr; i++)
		r->hold_ns[i] = hold_ns;
	r->run.hold_ns = nr ? (uintptr_t)r->hold_ns : 0;
	if (r->run.nr_holds == NO_HOLDS)
		r->run.nr_holds = nr;
}

static bool set_field(struct gntbench_run *run, const char *key, uint64_t value)
{
/* clang-format off */
#define FIELD(_name)	{ #_name, offsetof(struct gntbench_run, _name), sizeof(run->_name) }
	static const struct {
		const char *name;
		size_t offset;
		size_t size;
	} fields[] = {
		FIELD(abi), FIELD(flags), FIELD(grefs), FIELD(values), FIELD(granter),
		FIELD(interrupts),
		FIELD(nr_grefs), FIELD(nr_holds), FIELD(fault), FIELD(nr_values),
	};
	/* clang-format on */
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(fields); i++)
		if (!strcmp(fields[i].name, key)) {
			memcpy((char *)run + fields[i].offset, &value, fields[i].size);
			return true;
		}
	return false;
}

static bool set_param(struct gntbench_run *run, const char *key, uint64_t value)
{
	unsigned int i;

	for (i = 0; i < GNTBENCH_NR_PARAMS; i++)
		if (!strcmp(params[i].name, key)) {
			run->param[i] = value;
			return true;
		}
	return false;
}

static void set_pair(struct request *r, char *pair, uint64_t *hold_ns)
{
	char *value = strchr(pair, '=');

	if (!value)
		errx(2, "no value in '%s'", pair);
	*value++ = '\0';
	if (!strcmp(pair, "unmap_mode"))
		copy_name(r->run.unmap_mode, value);
	else if (!strcmp(pair, "hold_ns"))
		*hold_ns = strtoull(value, NULL, 0);
	else if (!set_param(&r->run, pair, strtoull(value, NULL, 0)) &&
		 !set_field(&r->run, pair, strtoull(value, NULL, 0)))
		errx(2, "unknown key '%s'", pair);
}

static const struct gntbench_case_info *set_name(struct request *r, char *name)
{
	const struct gntbench_case_info *info;
	char *op = strchr(name, ':');

	if (op) {
		*op++ = '\0';
		copy_name(r->run.op, op);
	}
	copy_name(r->run.name, name);
	info = find_case(name);
	return info ? info : &request_cases[0];
}

void request_make(struct request *r, const char *line)
{
	const struct gntbench_case_info *info;
	uint64_t hold_ns = NOT_SET;
	char *copy = strdup(line);
	char *word, *rest;

	if (!copy)
		err(2, "%s", line);
	memset(r, 0, sizeof(*r));
	r->run.abi = GNTBENCH_ABI;
	r->run.values = NOT_SET;
	r->run.nr_values = NOT_SET;
	r->run.nr_holds = NO_HOLDS;
	info = set_name(r, strtok_r(copy, " ", &rest));
	set_defaults(r, info);
	while ((word = strtok_r(NULL, " ", &rest)))
		set_pair(r, word, &hold_ns);
	free(copy);
	set_values(r, info);
	if (hold_ns != NOT_SET)
		set_holds(r, info, hold_ns);
	else if (r->run.nr_holds == NO_HOLDS)
		r->run.nr_holds = 0;
}

int request_run(struct request *r)
{
	int fd = open(GNTBENCH_DEVICE, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return r->error = errno;
	r->error = ioctl(fd, GNTBENCH_IOC_RUN, &r->run) ? errno : 0;
	close(fd);
	return r->error;
}

void request_free(struct request *r)
{
	free(r->hold_ns);
	free(r->values);
}

int request_line(struct request *r, const char *line)
{
	request_make(r, line);
	request_run(r);
	request_free(r);
	return r->error;
}
