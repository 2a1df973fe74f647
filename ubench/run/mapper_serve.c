// SPDX-License-Identifier: GPL-2.0
/* The other end of run/mapper.c: in the domain that maps. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <xenstore.h>

#include "base/text.h"
#include "run/mail.h"
#include "run/mapper.h"
#include "run/mapper_mail.h"

#define REQUEST MAPPER_DIR "/request"
#define ANSWER	MAPPER_DIR "/answer"

/* Opened once, when the first case of it comes. */
static int open_driver(const struct driver *driver, struct error *err)
{
	static const struct driver *opened[8];
	size_t i = 0;

	while (i < sizeof(opened) / sizeof(opened[0]) && opened[i] && opened[i] != driver)
		i++;
	if (i == sizeof(opened) / sizeof(opened[0]))
		return error_set(err, "too many drivers");
	if (opened[i])
		return 0;
	if (driver->open(err))
		return -1;
	opened[i] = driver;
	return 0;
}

static void run(struct mail *mail, struct mapper_request *req, int kmsg, struct outcome *out)
{
	struct error err;

	if (mapper_get_request(mail, req, &err) || open_driver(req->c.driver, &err)) {
		out->status = CASE_ERROR;
		snprintf(out->reason, sizeof(out->reason), "%.255s", err.text);
		return;
	}
	req->c.driver->run(&req->req, out);
	if (kmsg >= 0)
		kmsg_read(kmsg, &out->log, NULL);
}

static int serve_one(struct xs_handle *xs, int kmsg, struct error *err)
{
	struct mapper_request req = { 0 };
	struct outcome out = { 0 };
	struct mail mail = { 0 }, answer;
	int ret;

	mail.data = mail_take(xs, REQUEST, &mail.size);
	if (!mail.data)
		return 0;
	run(&mail, &req, kmsg, &out);
	answer = mapper_put_answer(&out, req.req.nr_samples, req.token);
	ret = mail_send(xs, ANSWER, answer.data, answer.size, err);
	free(answer.data);
	mapper_free_request(&req);
	free(out.values);
	free(out.interrupts);
	free(mail.data);
	return ret;
}

/* The type is written last: when it is there, all is. */
static int publish(struct xs_handle *xs, struct error *err)
{
	struct gntbench_info info;
	struct utsname uts;
	char *type;
	bool ok;

	if (kbench_info(&info, err))
		return -1;
	uname(&uts);
	type = read_text("/sys/hypervisor/guest_type");
	if (!type)
		return error_set(err, "/sys/hypervisor/guest_type: %s; is this a Xen domain?",
				 strerror(errno));
	for (char *p = type; *p; p++)
		*p = tolower((unsigned char)*p);
	xs_rm(xs, XBT_NULL, MAPPER_DIR);
	ok = xs_write(xs, XBT_NULL, MAPPER_DIR "/info", &info, sizeof(info)) &&
	     xs_write(xs, XBT_NULL, MAPPER_DIR "/kernel", uts.release, strlen(uts.release)) &&
	     mail_watch(xs, REQUEST) &&
	     xs_write(xs, XBT_NULL, MAPPER_DIR "/type", type, strlen(type));
	free(type);
	return ok ? 0 : error_set(err, "xenstore refused " MAPPER_DIR ": %s", strerror(errno));
}

int mapper_serve(const volatile int *stop, struct error *err)
{
	struct xs_handle *xs = xenstore_open();
	int kmsg = kmsg_open();
	int ret;

	if (!xs)
		return error_set(err, "no xenstored answers; is this a Xen domain?");
	ret = publish(xs, err);
	while (!ret && !*stop) {
		mail_wait(xs, -1);
		ret = serve_one(xs, kmsg, err);
	}
	xs_rm(xs, XBT_NULL, MAPPER_DIR);
	xs_close(xs);
	if (kmsg >= 0)
		close(kmsg);
	return ret;
}
