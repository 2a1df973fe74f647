// SPDX-License-Identifier: GPL-2.0
/* Phases that belong into one picture. */
#include "profile/page.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

/* Where "/@param=" is in @id, or NULL. */
static const char *find_param(const char *id, const char *param)
{
	char *text = xasprintf("/%s=", param);
	const char *at = strstr(id, text);

	free(text);
	return at;
}

char *series_name(const char *id, const char *param)
{
	const char *at = find_param(id, param);

	if (!at)
		return xasprintf("%s", id);
	return xasprintf("%.*s%s", (int)(at - id), id, at + 1 + strcspn(at + 1, "/"));
}

static bool same_series(const struct profile_phase *a, const struct profile_phase *b,
			const char *param)
{
	char *x = series_name(a->case_id, param), *y = series_name(b->case_id, param);
	bool same = !strcmp(x, y) && !strcmp(a->name, b->name);

	free(x);
	free(y);
	return same;
}

bool series_is_first(const struct profile *p, size_t i, const char *param)
{
	for (size_t k = 0; k < i; k++)
		if (same_series(&p->phases[k], &p->phases[i], param))
			return false;
	return true;
}

void series_free(struct series *s)
{
	for (size_t i = 0; i < s->nr; i++)
		free(s->bar_names[i]);
}

void series_collect(const struct profile *p, size_t first, const char *param, struct series *s)
{
	s->param = param;
	s->nr = 0;
	for (size_t i = first; i < p->nr_phases && s->nr < MAX_BARS; i++) {
		const char *at = find_param(p->phases[i].case_id, param);

		if (!same_series(&p->phases[i], &p->phases[first], param))
			continue;
		s->phases[s->nr] = &p->phases[i];
		at = at ? strchr(at, '=') + 1 : "-";
		s->bar_names[s->nr++] = xasprintf("%.*s", (int)strcspn(at, "/"), at);
	}
}

/* A file name: what is no letter, digit or '=' becomes '-'. */
char *series_file(const char *kind, const char *id, const char *phase)
{
	char *name = xasprintf("%s-%s-%s.svg", kind, id, phase);

	for (char *c = name; *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr("=._-", *c))
			*c = '-';
	return name;
}

int series_draw(const struct profile *p, const struct series *s, const char *dir, const char *file,
		const char *title, const char *y_label, struct svg_layer *layers, size_t nr_layers,
		struct error *err)
{
	char *id = series_name(s->phases[0]->case_id, s->param);
	char *path = xasprintf("%s/%s", dir ?: "", file);
	char *subtitle = xasprintf("%s · tier exact · Xen %s · Linux %s · %u vCPU%s", id,
				   profile_environment(p, "xen_version"),
				   profile_environment(p, "kernel_release"), p->nr_vcpus,
				   p->nr_vcpus == 1 ? "" : "s");
	char *x_label = strcmp(s->param, "batch") ?
				xstrdup(s->param) :
				xasprintf("batch, pages a %s", strcmp(s->phases[0]->per, "page") ?
								       s->phases[0]->per :
								       "hypercall");
	struct svg_stack stack = {
		.title = title,
		.subtitle = subtitle,
		.y_label = y_label,
		.x_label = x_label,
		.nr_bars = s->nr,
		.bar_names = (const char **)s->bar_names,
		.nr_layers = nr_layers,
		.layers = layers,
	};
	int ret = dir ? svg_write_stack(&stack, path, err) : 0;

	free(id);
	free(path);
	free(subtitle);
	free(x_label);
	return ret;
}
