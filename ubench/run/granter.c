// SPDX-License-Identifier: GPL-2.0
#include "run/granter.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xenstore.h>

#include "gntbench_abi.h"
#include "base/text.h"

#define WHERE "/local/domain/%s/data/gntbench/%s"
#define HOW   "boot the lab with --domu, or run 'gntbench hold grant --publish' in another domain"

/* The value of KEY under the domain's data/gntbench/, malloc'd, or NULL. */
static char *read_key(struct xs_handle *xs, const char *domid, const char *key)
{
	char path[128];
	unsigned int len;

	snprintf(path, sizeof(path), WHERE, domid, key);
	return xs_read(xs, XBT_NULL, path, &len);
}

int grefs_parse(const char *text, uint32_t *grefs, size_t room, size_t *nr)
{
	while (*text) {
		char *end;
		unsigned long first, last;

		if (!isdigit((unsigned char)*text))
			return -1;
		first = strtoul(text, &end, 10);
		last = first;
		if (*end == '-' && isdigit((unsigned char)end[1]))
			last = strtoul(end + 1, &end, 10);
		if (last < first || last > UINT32_MAX || last - first >= room - *nr)
			return -1;
		while (first <= last)
			grefs[(*nr)++] = first++;
		text = end + strspn(end, " ,");
		if (text == end && *end)
			return -1;
	}
	return 0;
}

static int read_grefs(struct xs_handle *xs, const char *domid, struct granter *out,
		      struct error *err)
{
	char *count = read_key(xs, domid, "pages");
	size_t pages = count ? strtoul(count, NULL, 10) : 0;
	int ret = -1;

	free(count);
	if (pages < 1 || pages > GNTBENCH_MAX_PAGES)
		return error_set(err, "domain %s offers %zu pages: 1..%u are allowed", domid, pages,
				 GNTBENCH_MAX_PAGES);
	out->domid = strtoul(domid, NULL, 10);
	out->grefs = calloc(pages, sizeof(*out->grefs));
	if (!out->grefs)
		return error_set(err, "out of memory for %zu grefs", pages);
	for (unsigned int part = 0; out->nr_grefs < pages; part++) {
		char key[32], *ranges;

		snprintf(key, sizeof(key), "grefs/%u", part);
		ranges = read_key(xs, domid, key);
		ret = ranges ? grefs_parse(ranges, out->grefs, pages, &out->nr_grefs) : -1;
		free(ranges);
		if (ret)
			return error_set(err,
					 "domain %s offers %zu pages, but %s is not a list "
					 "of grefs",
					 domid, pages, key);
	}
	return 0;
}

static bool offers_grants(struct xs_handle *xs, const char *domid)
{
	char *pages = read_key(xs, domid, "pages");

	free(pages);
	return pages;
}

/* The domain with the lowest id that offers grants. */
static int find_domain(struct xs_handle *xs, struct granter *out, struct error *err)
{
	const char *found = NULL;
	unsigned int nr = 0;
	char **domids;
	int ret;

	domids = xs_directory(xs, XBT_NULL, "/local/domain", &nr);
	for (unsigned int i = 0; i < nr; i++)
		if (offers_grants(xs, domids[i]) && (!found || atoi(domids[i]) < atoi(found)))
			found = domids[i];
	if (found)
		ret = read_grefs(xs, found, out, err);
	else
		ret = error_set(err,
				"granter=domU: none of %u domains offers grants in xenstore "
				"(data/gntbench/pages): " HOW,
				nr);
	free(domids);
	return ret;
}

/*
 * Without xenstored's socket libxenstore goes through the kernel, which waits for xenstored for
 * ever. In a dom0 no socket means no xenstored (but for one in a domain of its own, which is not
 * supported); in any other domain the kernel is the only way.
 */
struct xs_handle *xenstore_open(void)
{
	char *capabilities = read_text("/proc/xen/capabilities");
	bool dom0 = capabilities && strstr(capabilities, "control_d");

	free(capabilities);
	if (dom0 && access("/run/xenstored/socket", F_OK) &&
	    access("/var/run/xenstored/socket", F_OK))
		return NULL;
	return xs_open(0);
}

int granter_find(const char *name, struct granter *out, struct error *err)
{
	struct xs_handle *xs;
	int ret;

	*out = (struct granter) { .domid = GNTBENCH_SELF };
	if (!strcmp(name, "self"))
		return 0;
	if (!strcmp(name, "dom0"))
		return error_set(err,
				 "granter=dom0 is for a mapper in another domain (mapper=pv or "
				 "pvh): this one's own grants are granter=self");
	xs = xenstore_open();
	if (!xs)
		return error_set(err, "granter=%s: no xenstored answers: " HOW, name);
	ret = find_domain(xs, out, err);
	xs_close(xs);
	if (ret) {
		free(out->grefs);
		out->grefs = NULL;
	}
	return ret;
}
