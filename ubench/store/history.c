// SPDX-License-Identifier: GPL-2.0
/*
 * The index is lines of fields separated by tabs:
 *
 *	gntbench history index 1
 *	E	FIELD=VALUE	...		an environment; numbered from 0 in order
 *	S	ID	METRIC	UNIT	PER	a series; likewise
 *	R	FILE	SIZE	MTIME	RUN	STARTED	TIER	SUITE	FINGERPRINT	COMMIT	ENV	VALUES
 *	X	FILE	SIZE	MTIME	PROBLEM	a file that can't be read
 *
 * VALUES is "SERIES:VALUE" separated by spaces, with a v after a value that isn't steady.
 */
#include "store/history.h"

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/pool.h"
#include "store/outline.h"

#define MAGIC	   "gntbench history index 1"
#define INDEX	   "index"
#define MAX_FIELDS 64 /* of a line of the index */
#define MAX_AHEAD  64 /* outlines in memory at once */

/* Texts to numbers: a binary tree of tsearch(3). */
struct key {
	const char *text;
	size_t number;
};

/* A history while it is read: lists that grow, and their look-ups. */
struct builder {
	struct history *h;
	size_t room_series, room_environments, room_records;
	void *series, *environments, *files;
	bool changed; /* the index on disk is out of date */

	/* Which aren't in the index as they are now, and are read together. */
	size_t nr_new;
	struct outline new[MAX_AHEAD];
};

static int compare_keys(const void *a, const void *b)
{
	return strcmp(((const struct key *)a)->text, ((const struct key *)b)->text);
}

static ssize_t find_key(void *tree, const char *text)
{
	struct key key = { .text = text };
	struct key **found = tfind(&key, &tree, compare_keys);

	return found ? (ssize_t)(*found)->number : -1;
}

static void add_key(struct builder *b, void **tree, const char *text, size_t number)
{
	struct key *key = pool_alloc(&b->h->pool, 1, sizeof(*key));

	*key = (struct key) { text, number };
	if (!tsearch(key, tree, compare_keys))
		die_usage("out of memory for the history");
}

static void keep_key(void *key)
{
	(void)key; /* it lives in the pool */
}

static void *grow(void *list, size_t nr, size_t *room, size_t size)
{
	if (nr < *room)
		return list;
	*room = *room ? 2 * *room : 64;
	list = xrealloc_array(list, *room, size);
	return list;
}

/* Line of the index without its E: fields that decide. */
static size_t add_environment(struct builder *b, const char *text)
{
	ssize_t known = find_key(b->environments, text);
	struct history_environment *env;
	struct history *h = b->h;
	char *copy, *field;

	if (known >= 0)
		return known;
	h->environments = grow(h->environments, h->nr_environments, &b->room_environments,
			       sizeof(*h->environments));
	env = pool_alloc(&h->pool, 1, sizeof(*env));
	env->text = pool_strdup(&h->pool, text);
	env->fields = pool_alloc(&h->pool, MAX_FIELDS, sizeof(*env->fields));
	copy = (char *)pool_strdup(&h->pool, text);
	while ((field = strsep(&copy, "\t")) && env->nr_fields < MAX_FIELDS) {
		char *value = strchr(field, '=');

		if (!value)
			continue;
		*value++ = '\0';
		env->fields[env->nr_fields++] = (struct record_field) { field, value, false, 0 };
	}
	add_key(b, &b->environments, env->text, h->nr_environments);
	h->environments[h->nr_environments] = env;
	return h->nr_environments++;
}

static size_t add_series(struct builder *b, const char *text)
{
	ssize_t known = find_key(b->series, text);
	struct history *h = b->h;
	struct history_series *s;
	char *copy;

	if (known >= 0)
		return known;
	h->series = grow(h->series, h->nr_series, &b->room_series, sizeof(*h->series));
	s = &h->series[h->nr_series];
	copy = (char *)pool_strdup(&h->pool, text);
	s->id = strsep(&copy, "\t");
	s->metric = strsep(&copy, "\t") ?: "";
	s->unit = strsep(&copy, "\t") ?: "";
	s->per = strsep(&copy, "\t") ?: "";
	add_key(b, &b->series, pool_strdup(&h->pool, text), h->nr_series);
	return h->nr_series++;
}

static struct history_record *add_record(struct builder *b)
{
	struct history *h = b->h;

	h->records = grow(h->records, h->nr_records, &b->room_records, sizeof(*h->records));
	memset(&h->records[h->nr_records], 0, sizeof(*h->records));
	return &h->records[h->nr_records++];
}

static size_t split_line(char *line, char **fields, size_t max)
{
	size_t nr = 0;

	while (nr < max && (fields[nr] = strsep(&line, "\t")))
		nr++;
	return nr;
}

static int parse_record(struct builder *b, char *line)
{
	char *f[11];
	struct history_record *rec;
	size_t env;

	if (split_line(line, f, 11) != 11)
		return -1;
	env = strtoul(f[9], NULL, 10);
	if (tier_by_name(f[5]) < 0 || env >= b->h->nr_environments)
		return -1;
	rec = add_record(b);
	*rec = (struct history_record) {
		.file = f[0],
		.size = atoll(f[1]),
		.mtime_ns = atoll(f[2]),
		.id = f[3],
		.started = f[4],
		.tier = tier_by_name(f[5]),
		.suite = f[6],
		.fingerprint = f[7],
		.commit = f[8],
		.environment = b->h->environments[env],
		.values = f[10],
	};
	return 0;
}

static int parse_problem(struct builder *b, char *line)
{
	struct history_record *rec;
	char *f[4];

	if (split_line(line, f, 4) != 4)
		return -1;
	rec = add_record(b);
	*rec = (struct history_record) {
		.file = f[0],
		.size = atoll(f[1]),
		.mtime_ns = atoll(f[2]),
		.problem = f[3],
		.started = "",
		.id = "",
		.suite = "",
		.fingerprint = "",
		.commit = "",
		.values = "",
	};
	return 0;
}

static int parse_line(struct builder *b, char *line)
{
	if (!line[0] || line[1] != '\t')
		return -1;
	switch (line[0]) {
	case 'E':
		return add_environment(b, line + 2) == b->h->nr_environments - 1 ? 0 : -1;
	case 'S':
		return add_series(b, line + 2) == b->h->nr_series - 1 ? 0 : -1;
	case 'R':
		return parse_record(b, line + 2);
	case 'X':
		return parse_problem(b, line + 2);
	default:
		return -1;
	}
}

/* The whole file, in the pool and NUL-terminated, or NULL. */
static char *read_file(struct history *h, const char *path)
{
	FILE *in = fopen(path, "re");
	struct stat st;
	char *text;
	size_t len;

	if (!in)
		return NULL;
	if (fstat(fileno(in), &st)) {
		fclose(in);
		return NULL;
	}
	text = pool_alloc(&h->pool, st.st_size + 1, 1);
	len = fread(text, 1, st.st_size, in);
	text[len] = '\0';
	fclose(in);
	return text;
}

/* An index that is missing, of another version or damaged is none: every record is read again. */
static void load_index(struct builder *b)
{
	const char *path = pool_printf(&b->h->pool, "%s/" INDEX, b->h->dir);
	char *text = read_file(b->h, path), *line;
	int bad = 1;

	if (text && (line = strsep(&text, "\n")) && !strcmp(line, MAGIC))
		for (bad = 0; !bad && (line = strsep(&text, "\n"));)
			bad = text ? parse_line(b, line) : *line != '\0';
	if (bad) {
		b->h->nr_records = 0;
		b->changed = true;
	}
}

/* Series and environments stay, the rest of the outline goes. */
static const char *take_values(struct builder *b, struct outline *o)
{
	struct obstack *pool = &b->h->pool;

	for (size_t i = 0; i < o->nr_values; i++)
		o->values[i].number = add_series(b, o->values[i].series);
	for (size_t i = 0; i < o->nr_values; i++)
		obstack_printf(pool, "%zu:%s ", o->values[i].number, o->values[i].text);
	obstack_1grow(pool, '\0');
	return obstack_finish(pool);
}

static void take_record(struct builder *b, struct outline *o)
{
	struct history_record *entry = add_record(b);
	struct history *h = b->h;
	size_t env;

	*entry = (struct history_record) {
		.file = strrchr(o->path, '/') + 1,
		.size = o->st.st_size,
		.mtime_ns = o->st.st_mtim.tv_sec * 1000000000ll + o->st.st_mtim.tv_nsec,
		.started = "",
		.id = "",
		.suite = "",
		.fingerprint = "",
		.commit = "",
		.values = "",
	};
	if (!o->known) {
		error_print(&o->err);
		entry->problem = index_text(&h->pool, o->err.text);
		return;
	}
	entry->id = pool_strdup(&h->pool, o->id);
	entry->started = pool_strdup(&h->pool, o->started);
	entry->suite = pool_strdup(&h->pool, o->suite);
	entry->fingerprint = pool_strdup(&h->pool, o->fingerprint);
	entry->commit = pool_strdup(&h->pool, o->commit);
	entry->tier = o->tier;
	env = add_environment(b, o->environment);
	entry->environment = h->environments[env];
	entry->values = take_values(b, o);
}

static void read_new(struct builder *b)
{
	outline_many(b->new, b->nr_new);
	for (size_t i = 0; i < b->nr_new; i++) {
		take_record(b, &b->new[i]);
		pool_free(&b->new[i].pool);
	}
	b->nr_new = 0;
}

/* DIR/FILE isn't in the index as it is now. */
static void add_new(struct builder *b, const char *file, const struct stat *st)
{
	b->changed = true;
	b->h->nr_read++;
	b->new[b->nr_new].path = pool_printf(&b->h->pool, "%s/%s", b->h->dir, file);
	b->new[b->nr_new++].st = *st;
	if (b->nr_new == MAX_AHEAD)
		read_new(b);
}

static bool is_current(const struct history_record *rec, const struct stat *st)
{
	return rec->size == st->st_size &&
	       rec->mtime_ns == st->st_mtim.tv_sec * 1000000000ll + st->st_mtim.tv_nsec;
}

static bool is_record_name(const char *name)
{
	size_t len = strlen(name);

	return name[0] != '.' && len > 5 && !strcmp(name + len - 5, ".json");
}

/* Keeps what is in the index and unchanged, reads the rest, forgets what is gone. */
static int scan(struct builder *b, struct error *err)
{
	struct history *h = b->h;
	struct history_record *old = h->records;
	size_t nr_old = h->nr_records;
	struct dirent *entry;
	struct stat st;
	DIR *dir = opendir(h->dir);

	if (!dir)
		return error_set(err, "can't read the history %s: %s", h->dir, strerror(errno));
	for (size_t i = 0; i < nr_old; i++)
		add_key(b, &b->files, old[i].file, i);
	h->records = NULL;
	h->nr_records = b->room_records = 0;
	while ((entry = readdir(dir))) {
		ssize_t i;

		if (!is_record_name(entry->d_name) || fstatat(dirfd(dir), entry->d_name, &st, 0) ||
		    !S_ISREG(st.st_mode))
			continue;
		i = find_key(b->files, entry->d_name);
		if (i >= 0 && is_current(&old[i], &st))
			*add_record(b) = old[i];
		else
			add_new(b, entry->d_name, &st);
	}
	read_new(b);
	closedir(dir);
	if (h->nr_records != nr_old)
		b->changed = true;
	free(old);
	return 0;
}

static int by_time(const void *a, const void *b)
{
	const struct history_record *x = a, *y = b;

	return strcmp(x->started, y->started) ?: strcmp(x->file, y->file);
}

static size_t environment_number(const struct history *h, const struct history_environment *env)
{
	for (size_t i = 0; i < h->nr_environments; i++)
		if (h->environments[i] == env)
			return i;
	return 0;
}

/* A history that can't be written is only slow next time. */
static void save_index(const struct history *h)
{
	char *path, *text;
	size_t size;
	FILE *out = xmemstream(&text, &size);
	struct error err;

	fprintf(out, MAGIC "\n");
	for (size_t i = 0; i < h->nr_environments; i++)
		fprintf(out, "E\t%s\n", h->environments[i]->text);
	for (size_t i = 0; i < h->nr_series; i++)
		fprintf(out, "S\t%s\t%s\t%s\t%s\n", h->series[i].id, h->series[i].metric,
			h->series[i].unit, h->series[i].per);
	for (size_t i = 0; i < h->nr_records; i++) {
		const struct history_record *r = &h->records[i];

		if (r->problem) {
			fprintf(out, "X\t%s\t%lld\t%lld\t%s\n", r->file, r->size, r->mtime_ns,
				r->problem);
			continue;
		}
		fprintf(out, "R\t%s\t%lld\t%lld\t%s\t%s\t%s\t%s\t%s\t%s\t%zu\t%s\n", r->file,
			r->size, r->mtime_ns, r->id, r->started, tier_names[r->tier], r->suite,
			r->fingerprint, r->commit, environment_number(h, r->environment),
			r->values);
	}
	xmemstream_end(out);
	path = xasprintf("%s/" INDEX, h->dir);
	if (file_replace(path, text, strlen(text), &err))
		error_print(&err);
	free(path);
	free(text);
}

struct history *history_open(const char *dir, struct error *err)
{
	struct builder b = { 0 };
	struct history *h = xcalloc(1, sizeof(*h));
	int ret;

	pool_init(&h->pool);
	h->dir = pool_strdup(&h->pool, dir);
	b.h = h;
	load_index(&b);
	ret = scan(&b, err);
	tdestroy(b.series, keep_key);
	tdestroy(b.environments, keep_key);
	tdestroy(b.files, keep_key);
	if (ret) {
		history_free(h);
		return NULL;
	}
	if (h->nr_records)
		qsort(h->records, h->nr_records, sizeof(*h->records), by_time);
	if (b.changed)
		save_index(h);
	return h;
}

void history_free(struct history *history)
{
	if (!history)
		return;
	free(history->series);
	free(history->environments);
	free(history->records);
	pool_free(&history->pool);
	free(history);
}

const char *history_field(const struct history_environment *env, const char *name)
{
	for (size_t i = 0; i < env->nr_fields; i++)
		if (!strcmp(env->fields[i].name, name))
			return env->fields[i].text;
	return NULL;
}

bool history_next_value(const char **at, size_t *series, double *value, bool *steady)
{
	const char *p = *at;
	char *end;

	*series = strtoul(p, &end, 10);
	if (*end != ':' || end == p)
		return false;
	*value = strtod(end + 1, &end);
	*steady = *end != 'v';
	*at = strchrnul(end, ' ');
	*at += **at == ' ';
	return true;
}

double history_value(const struct history_record *rec, size_t series, bool *steady)
{
	const char *at = rec->values;
	size_t number;
	double value;

	while (history_next_value(&at, &number, &value, steady))
		if (number == series)
			return value;
	*steady = false;
	return NAN;
}

/* "20261122T091500Z-exact-0123abcd.json": sorts by time, and tells runs of one second apart. */
static char *name_of(const struct record *rec)
{
	char *text = xasprintf("%s-%s-%.12s.json", rec->started, tier_names[rec->tier], rec->id);
	char *name;

	for (char *p = text; *p; p++)
		if (*p == '/' || *p == ' ' || *p == ':')
			*p = '.';
	name = file_name(text);
	free(text);
	return name;
}

/* The ids are looked up in a tree of struct key, whose numbers are of files[]. */
struct history_target {
	const char *dir;
	struct history *history; /* as it was; NULL: there was none */
	void *ids;
	size_t nr_files;
	const char **files;
	struct obstack pool;
};

/* @id lives as long as the target. */
static void target_know(struct history_target *t, const char *id, const char *file)
{
	struct key *key = pool_alloc(&t->pool, 1, sizeof(*key));

	*key = (struct key) { id, t->nr_files };
	*GROW(t->files, t->nr_files) = pool_strdup(&t->pool, file);
	if (!tsearch(key, &t->ids, compare_keys))
		die_usage("out of memory for the history");
}

struct history_target *history_target_open(const char *dir, struct error *err)
{
	struct history_target *t;
	struct history *h = NULL;

	if (!access(dir, F_OK)) {
		h = history_open(dir, err);
		if (!h)
			return NULL;
	}
	t = xcalloc(1, sizeof(*t));
	pool_init(&t->pool);
	t->dir = pool_strdup(&t->pool, dir);
	t->history = h;
	for (size_t i = 0; h && i < h->nr_records; i++)
		if (!h->records[i].problem)
			target_know(t, h->records[i].id, h->records[i].file);
	return t;
}

void history_target_close(struct history_target *t)
{
	if (!t)
		return;
	tdestroy(t->ids, keep_key);
	history_free(t->history);
	free(t->files);
	pool_free(&t->pool);
	free(t);
}

static char *text_of(struct record *rec)
{
	size_t size;
	char *text;
	FILE *out = xmemstream(&text, &size);

	record_print(rec, out);
	xmemstream_end(out);
	return text;
}

/* Both are printed anew: another version of gntbench may have written the same record in other bytes. */
static int same_record(struct record *rec, const char *path, const char *there, struct error *err)
{
	struct record *known = record_read(there, err);
	char *new_text, *known_text;
	bool same;

	if (!known)
		return -1;
	new_text = text_of(rec);
	known_text = text_of(known);
	same = !strcmp(new_text, known_text);
	if (!same)
		error_set(err, "%s and %s have the id %.40s, and are not the same record", there,
			  path, rec->id);
	free(new_text);
	free(known_text);
	record_free(known);
	return same ? 0 : -1;
}

/* The file of the directory that the record would be, or is; malloc'd. */
static char *find_file(const struct history_target *t, const struct record *rec, const char *id,
		       bool *there)
{
	ssize_t known = find_key(t->ids, id);
	char *name, *path;

	name = known >= 0 ? xstrdup(t->files[known]) : name_of(rec);
	path = xasprintf("%s/%s", t->dir, name);
	*there = !access(path, F_OK);
	free(path);
	return name;
}

int history_target_add(struct history_target *t, const char *path, char **name, struct error *err)
{
	struct record *rec = record_read(path, err);
	const char *id;
	char *file;
	bool there;
	int ret;

	if (!rec)
		return -1;
	id = index_text(&t->pool, rec->id);
	*name = find_file(t, rec, id, &there);
	file = xasprintf("%s/%s", t->dir, *name);
	if (there) {
		ret = same_record(rec, path, file, err);
	} else if (file_make_directories(file)) {
		ret = error_set(err, "can't make the directory of %s: %s", file, strerror(errno));
	} else {
		ret = record_write(rec, file, err) ? -1 : 1;
		if (ret > 0)
			target_know(t, id, *name);
	}
	if (ret < 0)
		free(*name);
	free(file);
	record_free(rec);
	return ret;
}

const struct history_record *history_like(const struct history *history, const struct record *rec)
{
	for (size_t i = history->nr_records; i-- > 0;) {
		const struct history_record *r = &history->records[i];

		if (!r->problem && r->tier == rec->tier && strcmp(r->id, rec->id) &&
		    !strcmp(r->fingerprint, rec->fingerprint) && !strcmp(r->suite, rec->suite))
			return r;
	}
	return NULL;
}
