// SPDX-License-Identifier: GPL-2.0
#include "run/mapper_mail.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

static void put_name(struct mail *mail, const char *name)
{
	char text[GNTBENCH_NAME_LEN] = "";

	strncpy(text, name, sizeof(text) - 1);
	mail_put(mail, text, sizeof(text));
}

static void get_name(struct mail *mail, char *name)
{
	mail_get(mail, name, GNTBENCH_NAME_LEN);
	name[GNTBENCH_NAME_LEN - 1] = '\0';
}

#define PUT(mail, value) mail_put(mail, &(value), sizeof(value))
#define GET(mail, value) mail_get(mail, &(value), sizeof(value))

struct mail mapper_put_request(const struct request *req, const struct granter *granter,
			       uint64_t token)
{
	struct mail mail = { 0 };

	PUT(&mail, token);
	put_name(&mail, req->c->info->name);
	put_name(&mail, req->c->op);
	put_name(&mail, req->c->unmap_mode);
	PUT(&mail, req->c->param);
	PUT(&mail, req->nr_samples);
	PUT(&mail, req->nr_warmup);
	PUT(&mail, req->aligned);
	PUT(&mail, req->fault);
	PUT(&mail, granter->domid);
	mail_put_array(&mail, granter->grefs, granter->nr_grefs, sizeof(*granter->grefs));
	mail_put_array(&mail, req->holds_ns, req->nr_holds, sizeof(*req->holds_ns));
	return mail;
}

int mapper_get_request(struct mail *mail, struct mapper_request *out, struct error *err)
{
	uint64_t nr_grefs, nr_holds;

	memset(out, 0, sizeof(*out));
	GET(mail, out->token);
	get_name(mail, out->name);
	get_name(mail, out->op);
	get_name(mail, out->unmap_mode);
	GET(mail, out->c.param);
	GET(mail, out->req.nr_samples);
	GET(mail, out->req.nr_warmup);
	GET(mail, out->req.aligned);
	GET(mail, out->req.fault);
	GET(mail, out->granter.domid);
	out->granter.grefs = mail_get_array(mail, &nr_grefs, sizeof(*out->granter.grefs));
	out->holds_ns = mail_get_array(mail, &nr_holds, sizeof(*out->holds_ns));
	if (mail->at > mail->size)
		return error_set(err, "a request of %zu bytes is cut short", mail->size);
	out->c.info = find_case(out->name, &out->c.driver);
	if (!out->c.info)
		return error_set(err, "case '%s' is unknown in the mapper", out->name);
	out->granter.nr_grefs = nr_grefs;
	out->c.op = out->op;
	out->c.unmap_mode = out->unmap_mode;
	out->c.granter = out->c.info->params & GNTBENCH_TAKES(GRANTER) ? "self" : "";
	out->c.mapper = out->c.hold = "";
	out->req.c = &out->c;
	out->req.granter = nr_grefs ? &out->granter : NULL;
	if (nr_grefs)
		out->c.granter = "dom0";
	out->req.holds_ns = out->holds_ns;
	out->req.nr_holds = nr_holds;
	return 0;
}

void mapper_free_request(struct mapper_request *req)
{
	free(req->granter.grefs);
	free(req->holds_ns);
}

struct mail mapper_put_answer(const struct outcome *out, uint64_t nr_samples, uint64_t token)
{
	struct mail mail = { 0 };

	PUT(&mail, token);
	PUT(&mail, out->status);
	PUT(&mail, out->reason);
	PUT(&mail, out->oracle_checks);
	PUT(&mail, out->oracle_broken);
	PUT(&mail, out->log);
	mail_put_array(&mail, out->values, out->nr_values, sizeof(*out->values));
	mail_put_array(&mail, out->interrupts, out->interrupts ? nr_samples : 0,
		       sizeof(*out->interrupts));
	return mail;
}

/* The other domain need not be trusted: what it says is looked at. */
static void check_answer(const struct mail *mail, struct outcome *out)
{
	out->reason[sizeof(out->reason) - 1] = '\0';
	out->log.alarm[sizeof(out->log.alarm) - 1] = '\0';
	if (mail->at <= mail->size && out->status < NR_CASE_STATUSES)
		return;
	out->status = CASE_ERROR;
	snprintf(out->reason, sizeof(out->reason), "the mapper's answer of %zu bytes is damaged",
		 mail->size);
}

bool mapper_get_answer(struct mail *mail, uint64_t nr_samples, uint64_t token, struct outcome *out)
{
	uint64_t of, nr;

	GET(mail, of);
	if (of != token)
		return false;
	GET(mail, out->status);
	GET(mail, out->reason);
	GET(mail, out->oracle_checks);
	GET(mail, out->oracle_broken);
	GET(mail, out->log);
	out->values = mail_get_array(mail, &nr, sizeof(*out->values));
	out->nr_values = nr;
	out->interrupts = mail_get_array(mail, &nr, sizeof(*out->interrupts));
	check_answer(mail, out);
	if (nr == nr_samples)
		return true;
	free(out->interrupts);
	out->interrupts = NULL;
	return true;
}
