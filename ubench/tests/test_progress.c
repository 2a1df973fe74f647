// SPDX-License-Identifier: GPL-2.0
/* What a run shows: a line a case, and on a terminal also where it is and how long it takes. */
#include "test.h"

#include <fcntl.h>
#include <stdlib.h>

#include "run/progress.h"

/* Two turns of one case into OUT, which is closed. */
static void show(FILE *out)
{
	struct record_metric m = { .name = "map",
				   .unit = "insn",
				   .per = "page",
				   .divisor = 2,
				   .nr_values = 1,
				   .summary = { .n = 1, .p50 = 9 } };
	struct record_case c = {
		.id = "map_unmap/batch=2", .reason = "", .nr_metrics = 1, .metrics = &m
	};
	struct progress p;

	progress_begin(&p, out, 2);
	progress_turn(&p, c.id);
	progress_turn(&p, c.id);
	progress_result(&p, &c);
	c.status = CASE_ERROR;
	c.reason = "no memory";
	progress_result(&p, &c);
	progress_end(&p);
	fclose(out);
}

static void plain(void **state)
{
	char *text = NULL;
	size_t size;
	char path[] = "/tmp/gntbench-progress.XXXXXX";
	int fd = mkstemp(path);

	(void)state;
	show(fdopen(fd, "w"));
	text = get_file(path, &size);
	unlink(path);
	assert_has(text, "ok      map_unmap/batch=2: map 4.5 insn/page\n"
			 "error   map_unmap/batch=2: no memory\n2 of 2 turns in ");
	assert_null(strchr(text, '\r'));
	assert_null(strchr(text, '['));
	free(text);
}

static void terminal(void **state)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
	char text[4096];
	size_t len = 0;
	ssize_t more;
	int slave;

	(void)state;
	if (master < 0 || grantpt(master) || unlockpt(master))
		skip();
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	assert_true(slave >= 0);
	/* The slave stays open, so that what was said can still be read. */
	show(fdopen(dup(slave), "w"));
	while ((more = read(master, text + len, sizeof(text) - 1 - len)) > 0)
		len += more;
	text[len] = '\0';
	close(slave);
	close(master);
	assert_has(text, "[1/2] 0 s: map_unmap/batch=2");
	assert_has(text, "[2/2] 0 s, 0 s left: map_unmap/batch=2");
	assert_has(text, "ok      map_unmap/batch=2: map 4.5 insn/page");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain),
		cmocka_unit_test(terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
