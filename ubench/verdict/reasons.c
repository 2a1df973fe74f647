// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "verdict/compare.h"

static int add_reason(struct comparison *c, char *line, struct error *err)
{
	char *text = strchr(line, '\t');
	struct reason *r;

	if (!text)
		return error_set(err, "'%s' has no tab between pattern and reason", line);
	*text++ = '\0';
	r = GROW(c->reasons, c->nr_reasons);
	r->text = xstrdup(text + strspn(text, "\t"));
	if (!regcomp(&r->pattern, line, REG_EXTENDED | REG_NOSUB))
		return 0;
	free(r->text);
	c->nr_reasons--;
	return error_set(err, "'%s' is no regular expression", line);
}

int comparison_read_reasons(struct comparison *c, const char *path, struct error *err)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;
	int ret = 0;

	if (!file)
		return error_set(err, "can't read the reasons %s: %s", path, strerror(errno));
	while (!ret && getline(&line, &size, file) >= 0) {
		line[strcspn(line, "\n")] = '\0';
		if (*line && *line != '#' && add_reason(c, line, err))
			ret = error_prefix(err, "%s", path);
	}
	free(line);
	fclose(file);
	return ret;
}

const char *comparison_reason(const struct comparison *c, const struct row *row)
{
	char *name = xasprintf("%s %s", row->base_case->id, row->base_metric->name);
	const char *text = NULL;

	for (size_t i = 0; i < c->nr_reasons && !text; i++)
		if (!regexec(&c->reasons[i].pattern, name, 0, NULL, 0))
			text = c->reasons[i].text;
	free(name);
	return text;
}

void reasons_free(struct comparison *c)
{
	for (size_t i = 0; i < c->nr_reasons; i++) {
		regfree(&c->reasons[i].pattern);
		free(c->reasons[i].text);
	}
	free(c->reasons);
}
