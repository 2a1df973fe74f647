// SPDX-License-Identifier: GPL-2.0
#include "run/mapper.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <xengnttab.h>
#include <xenstore.h>

#include "base/alloc.h"
#include "record/tier.h"
#include "run/mail.h"
#include "run/mapper_mail.h"

#define PAGE 4096
#define HOW \
	"in that domain: insmod gntbench.ko, gntbench serve (the lab's suite driver-domain does)"

/* What a case may take longer than its limit: to set up, to end, and to be told. */
#define MORE_MS 60000

struct mapper {
	struct xs_handle *xs;
	uint32_t domid;
	xengntshr_handle *gntshr;
	void *granted;
	struct granter granter; /* us, with what was granted to it */
	struct gntbench_info info;
};

static char *box_of(const struct mapper *m, const char *key)
{
	return xasprintf("/local/domain/%u/" MAPPER_DIR "/%s", m->domid, key);
}

static char *read_key(const struct mapper *m, const char *key, unsigned int *size)
{
	char *path = box_of(m, key);
	char *value = xs_read(m->xs, XBT_NULL, path, size);

	free(path);
	return value;
}

/* Calls @each with the type of each domain that serves, m->domid is it then. */
static void each_domain(struct mapper *m,
			void (*each)(struct mapper *m, const char *type, void *data), void *data)
{
	unsigned int nr = 0, len;
	char **domids = xs_directory(m->xs, XBT_NULL, "/local/domain", &nr);

	for (unsigned int i = 0; domids && i < nr; i++) {
		char *type;

		m->domid = strtoul(domids[i], NULL, 10);
		type = read_key(m, "type", &len);
		if (type)
			each(m, type, data);
		free(type);
	}
	free(domids);
}

struct search {
	const char *type;
	uint32_t found;
};

/* The one with the lowest id. */
static void look(struct mapper *m, const char *type, void *data)
{
	struct search *search = data;

	if (!strcmp(type, search->type) && m->domid < search->found)
		search->found = m->domid;
}

static bool find_domain(struct mapper *m, const char *type)
{
	struct search search = { type, UINT32_MAX };

	each_domain(m, look, &search);
	m->domid = search.found;
	return search.found != UINT32_MAX;
}

static bool read_info(struct mapper *m)
{
	unsigned int len;
	char *info = read_key(m, "info", &len);

	memset(&m->info, 0, sizeof(m->info));
	if (info && len == sizeof(m->info))
		memcpy(&m->info, info, len);
	free(info);
	return m->info.abi == GNTBENCH_ABI;
}

/*
 * The tier must hold there, too: its clock is another one. The frequency of the exact tier was proved
 * here: Xen has a scale for each CPU, off by 1 % now and then where they take turns, and a PV domU
 * takes that of the moment when it boots for the truth.
 */
static bool prove(struct mapper *m, enum tier tier, uint32_t tick_khz, const struct request *req,
		  struct outcome *out)
{
	struct error err;

	if (!read_info(m))
		return outcome_stop(out, CASE_ERROR,
				    "mapper=%s: domain %u serves with another gntbench",
				    req->c->mapper, m->domid);
	if (tier == TIER_EXACT)
		m->info.tick_khz = tick_khz;
	if (tier_prove(tier, &m->info, &err))
		return outcome_stop(out, CASE_ERROR, "mapper=%s: %.200s", req->c->mapper, err.text);
	out->tick_khz = m->info.tick_khz;
	return true;
}

static void add_to_list(struct mapper *m, const char *type, void *data)
{
	unsigned int len;
	char *kernel = read_key(m, "kernel", &len);
	char **list = data, *longer;

	read_info(m);
	longer = xasprintf("%s%s%s Linux %s, vcpus %u", *list ?: "", *list ? "; " : "", type,
			   kernel ?: "unknown", m->info.vcpus);
	free(kernel);
	free(*list);
	*list = longer;
}

char *mapper_list(void)
{
	struct mapper m = { .xs = xenstore_open() };
	char *list = NULL;

	if (!m.xs)
		return NULL;
	each_domain(&m, add_to_list, &list);
	xs_close(m.xs);
	return list;
}

static bool open_mapper(struct mapper *m, enum tier tier, uint32_t tick_khz,
			const struct request *req, struct outcome *out)
{
	m->xs = xenstore_open();
	if (!m->xs)
		return outcome_stop(out, CASE_SKIP, "mapper=%s: no xenstored answers",
				    req->c->mapper);
	if (!find_domain(m, req->c->mapper))
		return outcome_stop(out, CASE_SKIP, "mapper=%s: no such domain serves; " HOW,
				    req->c->mapper);
	return prove(m, tier, tick_khz, req, out);
}

static size_t pages_of(const struct plan_case *c)
{
	return (c->param[GNTBENCH_P_BATCH] ?: 1) * (c->param[GNTBENCH_P_REQUESTS] ?: 1) *
	       (c->param[GNTBENCH_P_VCPUS] ?: 1);
}

/* As scripts/lab/guest/granter.c does, in the other direction. */
static bool grant(struct mapper *m, const struct request *req, struct outcome *out)
{
	size_t nr = pages_of(req->c);

	if (!*req->c->granter)
		return true;
	if (strcmp(req->c->granter, "dom0"))
		return outcome_stop(out, CASE_SKIP,
				    "mapper=%s maps grants of dom0: give granter=dom0",
				    req->c->mapper);
	m->gntshr = xengntshr_open(NULL, 0);
	if (!m->gntshr)
		return outcome_stop(out, CASE_SKIP, "/dev/xen/gntalloc: %s (modprobe xen-gntalloc)",
				    strerror(errno));
	m->granter.grefs = xcalloc(nr, sizeof(*m->granter.grefs));
	m->granted = xengntshr_share_pages(m->gntshr, m->domid, nr, m->granter.grefs, 1);
	if (!m->granted)
		return outcome_stop(out, CASE_ERROR,
				    "gntalloc can't grant %zu pages to domain %u: %s; more than "
				    "/sys/module/xen_gntalloc/parameters/limit?",
				    nr, m->domid, strerror(errno));
	m->granter.nr_grefs = nr;
	for (size_t i = 0; i < nr; i++)
		*(uint64_t *)((char *)m->granted + i * PAGE) = GNTBENCH_FOREIGN_WORD |
							       m->granter.grefs[i];
	return true;
}

static void close_mapper(struct mapper *m)
{
	if (m->granted)
		xengntshr_unshare(m->gntshr, m->granted, m->granter.nr_grefs);
	if (m->gntshr)
		xengntshr_close(m->gntshr);
	if (m->xs)
		xs_close(m->xs);
	free(m->granter.grefs);
}

static bool ask(struct mapper *m, const struct request *req, uint64_t token, struct outcome *out)
{
	struct mail mail = mapper_put_request(req, &m->granter, token);
	char *box = box_of(m, "request");
	struct error err;
	int ret = mail_send(m->xs, box, mail.data, mail.size, &err);

	free(box);
	free(mail.data);
	return ret ? outcome_stop(out, CASE_ERROR, "%.255s", err.text) : true;
}

static bool take_answer(const struct mapper *m, const char *box, uint64_t nr_samples,
			uint64_t token, struct outcome *out)
{
	struct mail mail = { 0 };
	bool ours;

	mail.data = mail_take(m->xs, box, &mail.size);
	ours = mail.data && mapper_get_answer(&mail, nr_samples, token, out);
	free(mail.data);
	return ours;
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000ll + t.tv_nsec / 1000000;
}

static bool is_there(const struct mapper *m)
{
	unsigned int len;
	char *type = read_key(m, "type", &len);

	free(type);
	return type;
}

/* Whether to wait for the answer, TOLD what mail_wait() said last. */
static bool may_come(const struct mapper *m, const struct request *req, int told, int64_t left_ms,
		     struct outcome *out)
{
	if (told < 0)
		return outcome_stop(out, CASE_ERROR, "a signal ended it");
	if (!is_there(m))
		return outcome_stop(out, CASE_ERROR,
				    "mapper=%s: domain %u is gone, or serves no more",
				    req->c->mapper, m->domid);
	if (left_ms <= 0)
		return outcome_stop(out, CASE_ERROR, "mapper=%s: no answer of domain %u in %ju ms",
				    req->c->mapper, m->domid,
				    (uintmax_t)req->c->param[GNTBENCH_P_TIMEOUT_MS] + MORE_MS);
	return true;
}

static void wait_answer(const struct mapper *m, const char *box, const struct request *req,
			uint64_t token, struct outcome *out)
{
	int64_t left_ms = req->c->param[GNTBENCH_P_TIMEOUT_MS] + MORE_MS;
	int64_t end_ms = now_ms() + left_ms;
	int told = 1;

	while (!take_answer(m, box, req->nr_samples, token, out) &&
	       may_come(m, req, told, left_ms, out)) {
		told = mail_wait(m->xs, left_ms);
		left_ms = end_ms - now_ms();
	}
}

void mapper_run(enum tier tier, uint32_t tick_khz, const struct request *req, struct outcome *out)
{
	static uint64_t nr;
	uint64_t token = (uint64_t)getpid() << 32 | ++nr;
	struct mapper m = { 0 };

	if (open_mapper(&m, tier, tick_khz, req, out) && grant(&m, req, out)) {
		char *box = box_of(&m, "answer");

		/* A domain that ends takes its part of xenstore with it, and that is told, too. */
		if (!mail_watch(m.xs, box) || !xs_watch(m.xs, "@releaseDomain", "end"))
			outcome_stop(out, CASE_ERROR, "xenstore refuses to watch %s", box);
		else if (ask(&m, req, token, out))
			wait_answer(&m, box, req, token, out);
		free(box);
	}
	close_mapper(&m);
}
