// SPDX-License-Identifier: GPL-2.0
/* From the addresses of a run to the functions of its typical samples. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/array.h"
#include "base/pool.h"
#include "gntbench_abi.h"
#include "profile/owner.h"
#include "profile/profile.h"
#include "record/environment.h"

/* Stubs that a return or an indirect call goes through; their work is that of who uses them. */
static const char *const thunks[] = {
	"__x86_return_thunk",	   "__x86_indirect_thunk",    "retbleed_return_thunk",
	"srso_return_thunk",	   "srso_alias_return_thunk", "its_return_thunk",
	"call_depth_return_thunk",
};

/*
 * Xen's functions that write the page-table entry of a grant mapping (xen/arch/x86/pv/grant_table.c).
 * The entry is the only thing that they store to through a pointer, and they use no locked access
 * to do so.
 */
static const char *const pte_writers[] = {
	"create_grant_pv_mapping",
	"replace_grant_pv_mapping",
};

/* The children of a frame are a list; -1 ends it. */
struct links {
	int first, next;
};

/* The tree while it is being made. */
struct builder {
	struct profile *p;
	struct symbols *syms;
	const struct raw *raw;
	struct profile_frame *frames;
	struct links *links; /* of each frame */
	int first_root;
	size_t nr_frames, room;
	int *frame_of_node; /* -1: not made yet */
};

static bool in_list(const char *name, const char *const *list, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		if (!strncmp(name, list[i], strlen(list[i])))
			return true;
	return false;
}

#define IN_LIST(name, list) in_list(name, list, sizeof(list) / sizeof((list)[0]))

static void add_hint(struct profile *p, const char *hint)
{
	const char **hints;

	for (size_t i = 0; i < p->nr_hints; i++)
		if (!strcmp(p->hints[i], hint))
			return;
	hints = pool_alloc(&p->pool, p->nr_hints + 1, sizeof(*hints));
	if (p->nr_hints)
		memcpy(hints, p->hints, p->nr_hints * sizeof(*hints));
	hints[p->nr_hints++] = hint;
	p->hints = hints;
}

static void hint_at_names(struct profile *p, const char *image)
{
	const char *hint = symbols_hint(image);

	if (hint)
		add_hint(p, pool_printf(&p->pool, "no names: %s", hint));
}

static void make_room(struct builder *b)
{
	if (b->nr_frames < b->room)
		return;
	b->room = b->room ? 2 * b->room : 256;
	b->frames = xrealloc_array(b->frames, b->room, sizeof(*b->frames));
	b->links = xrealloc_array(b->links, b->room, sizeof(*b->links));
}

/* The child of @parent of that name, made if it isn't there. */
static int child(struct builder *b, int parent, const char *image, const char *function)
{
	int i, *first = parent < 0 ? &b->first_root : &b->links[parent].first;

	for (i = *first; i >= 0; i = b->links[i].next)
		if (!strcmp(b->frames[i].function, function) && !strcmp(b->frames[i].image, image))
			return i;
	make_room(b);
	first = parent < 0 ? &b->first_root : &b->links[parent].first;
	i = b->nr_frames++;
	b->links[i] = (struct links) { .first = -1, .next = *first };
	*first = i;
	b->frames[i] = (struct profile_frame) {
		.parent = parent,
		.image = pool_strdup(&b->p->pool, image),
		.function = pool_strdup(&b->p->pool, function),
	};
	return i;
}

/*
 * The frame of the code at @pc, run in the context of @frame: that frame, if it is the same function
 * or a thunk, else the function that was jumped to. Without names a context's code is one function,
 * known by the address it was entered at.
 */
static int frame_of_code(struct builder *b, int frame, uint64_t pc)
{
	struct symbol s = symbols_find(b->syms, pc);
	struct profile_frame *f = &b->frames[frame];

	if (!strcmp(f->image, s.image) && (!s.function || !strcmp(f->function, s.function)))
		return frame;
	if (s.function && IN_LIST(s.function, thunks) && f->parent >= 0)
		return frame;
	if (!s.function)
		hint_at_names(b->p, s.image);
	return child(b, frame, s.image, s.function ?: "(no name)");
}

static int frame_of_entry(struct builder *b, int parent, uint64_t entry)
{
	struct symbol s = symbols_find(b->syms, entry);
	char address[32];

	if (s.function && IN_LIST(s.function, thunks))
		return parent;
	if (!s.function) {
		hint_at_names(b->p, s.image);
		snprintf(address, sizeof(address), "0x%016jx", (uintmax_t)symbols_address(entry));
	}
	return child(b, parent, s.image, s.function ?: address);
}

static int frame_of_node(struct builder *b, unsigned int n)
{
	const struct raw_node *node = &b->raw->nodes[n];
	char vcpu[32];
	int frame;

	if (b->frame_of_node[n] >= 0)
		return b->frame_of_node[n];
	if (node->parent < 0) {
		snprintf(vcpu, sizeof(vcpu), "vCPU %ju", (uintmax_t)node->entry);
		frame = child(b, -1, "", vcpu);
	} else {
		frame = frame_of_node(b, node->parent);
		if (node->site)
			frame = frame_of_code(b, frame, node->site);
		frame = frame_of_entry(b, frame, node->entry);
	}
	b->frame_of_node[n] = frame;
	return frame;
}

static void count_event(struct profile_frame *f, const struct raw_count *c)
{
	switch (c->event) {
	case RAW_INVLPG:
	case RAW_CR3:
	case RAW_CR4:
	case RAW_INVPCID:
		f->events[PROFILE_TLB_FLUSHES] += c->count;
		break;
	case RAW_IPI:
		f->events[PROFILE_IPIS] += c->count;
		break;
	case RAW_ATOMIC:
		f->events[PROFILE_ATOMICS] += c->count;
		break;
	case RAW_STORE:
		if (!strcmp(f->image, "Xen") && IN_LIST(f->function, pte_writers))
			f->events[PROFILE_PTE_WRITES] += c->count;
		break;
	default:
		break;
	}
}

static bool is_start(struct builder *b, int frame, uint64_t pc)
{
	struct symbol s = symbols_find(b->syms, pc);

	return s.function && s.start == pc && !strcmp(s.function, b->frames[frame].function);
}

/*
 * A function was entered as often as its first instruction ran, be it by a call or by a jump; one
 * without a name is known by its calls only.
 */
static void add_count(struct builder *b, const struct raw_count *c)
{
	int frame = frame_of_node(b, c->node);

	if (c->what == RAW_CALLS) {
		if (!symbols_find(b->syms, b->raw->nodes[c->node].entry).function)
			b->frames[frame].calls += c->count;
		return;
	}
	frame = frame_of_code(b, frame, c->pc);
	if (c->what == RAW_INSN) {
		b->frames[frame].insns += c->count;
		if (is_start(b, frame, c->pc))
			b->frames[frame].calls += c->count;
	}
	count_event(&b->frames[frame], c);
}

/* Sorting: frames in preorder, siblings by name, so that a profile depends on nothing but names. */

struct sorter {
	const struct builder *b;
	struct profile_frame *to;
	size_t nr_to;
};

static int compare_siblings(const void *a, const void *b, void *frames)
{
	const struct profile_frame *x = (struct profile_frame *)frames + *(const int *)a;
	const struct profile_frame *y = (struct profile_frame *)frames + *(const int *)b;

	return profile_compare_names(x->image, x->function, y->image, y->function);
}

static void emit_children(struct sorter *s, int first, int new_parent)
{
	size_t nr = 0, k = 0;
	int i, *children;

	for (i = first; i >= 0; i = s->b->links[i].next)
		nr++;
	children = xcalloc(nr + 1, sizeof(*children));
	for (i = first; i >= 0; i = s->b->links[i].next)
		children[k++] = i;
	qsort_r(children, nr, sizeof(*children), compare_siblings, s->b->frames);
	for (k = 0; k < nr; k++) {
		s->to[s->nr_to] = s->b->frames[children[k]];
		s->to[s->nr_to].parent = new_parent;
		emit_children(s, s->b->links[children[k]].first, s->nr_to++);
	}
	free(children);
}

static void build_frames(struct profile *p, struct profile_phase *phase, const struct raw *raw,
			 const struct raw_profile *rp, struct symbols *syms)
{
	struct builder b = { .p = p, .syms = syms, .raw = raw, .first_root = -1 };
	struct sorter s;

	b.frame_of_node = xcalloc(1, (raw->nr_nodes + 1) * sizeof(*b.frame_of_node));
	memset(b.frame_of_node, 0xff, raw->nr_nodes * sizeof(*b.frame_of_node));
	for (size_t i = 0; i < rp->nr_counts; i++)
		add_count(&b, &rp->counts[i]);
	s = (struct sorter) { .b = &b };
	s.to = pool_alloc(&p->pool, b.nr_frames + 1, sizeof(*s.to));
	emit_children(&s, b.first_root, -1);
	phase->frames = s.to;
	phase->nr_frames = s.nr_to;
	for (size_t i = 0; i < phase->nr_frames; i++)
		phase->insns += phase->frames[i].insns;
	free(b.frame_of_node);
	free(b.links);
	free(b.frames);
}

/* Which windows are a metric's, and which of them is typical */

#define GNTBENCH_CASE(...) GNTBENCH_CASE_INFO(__VA_ARGS__),
static const struct gntbench_case_info rows[] = {
#include "gntbench_cases.h"
};

/* The phase that times a metric: its row says so. What other drivers mark is a round. */
static enum mark mark_of_metric(const struct record_case *c, const struct record_metric *m)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		for (size_t k = 0; rows[i].metrics[k].name; k++)
			if (!strcmp(rows[i].name, c->name) &&
			    !strcmp(rows[i].metrics[k].name, m->name))
				return rows[i].metrics[k].phase;
	return MARK_ROUND;
}

/* The indices of the first @nr windows of a run and a mark go to @found. */
static bool find_windows(const struct raw *raw, unsigned int run, unsigned int mark, size_t *found,
			 size_t nr)
{
	size_t got = 0;

	for (size_t i = 0; i < raw->nr_windows && got < nr; i++)
		if (raw->windows[i].run == run && raw->windows[i].mark == mark)
			found[got++] = i;
	return got == nr;
}

/* How many samples have the value and the profile of sample @i. */
static size_t count_alike(const struct raw *raw, const struct record_metric *m,
			  const size_t *windows, size_t i)
{
	size_t nr = 0;

	for (size_t k = 0; k < m->nr_values; k++)
		nr += m->values[k] == m->values[i] &&
		      raw->windows[windows[k]].profile == raw->windows[windows[i]].profile;
	return nr;
}

static size_t find_typical(const struct raw *raw, const struct record_metric *m,
			   const size_t *windows, size_t *nr_alike)
{
	size_t best = 0;

	*nr_alike = 0;
	for (size_t i = 0; i < m->nr_values; i++) {
		double distance = fabs(m->values[i] - m->summary.p50);
		double least = fabs(m->values[best] - m->summary.p50);
		size_t alike;

		if (distance > least)
			continue;
		alike = count_alike(raw, m, windows, i);
		if (distance < least || alike > *nr_alike) {
			best = i;
			*nr_alike = alike;
		}
	}
	return best;
}

static bool has_halt(const struct raw_profile *p)
{
	for (size_t i = 0; i < p->nr_counts; i++)
		if (p->counts[i].event == RAW_HLT)
			return true;
	return false;
}

static bool same_lines(const struct raw_window *a, const struct raw_window *b)
{
	return a->lines == b->lines && a->written == b->written && a->pages == b->pages &&
	       a->transfers == b->transfers && a->invalidations == b->invalidations;
}

/*
 * Of the samples on the typical path the one whose lines most of them touched: handles and grefs go
 * round, and with them the lines of an entry. The plugin keeps a few sets for each path.
 */
static const struct raw_window *typical_lines(const struct raw *raw, const size_t *windows,
					      size_t nr, size_t typical)
{
	const struct raw_window *path = &raw->windows[windows[typical]], *best = NULL;
	size_t nr_best = 0;

	for (size_t i = 0; i < nr; i++) {
		const struct raw_window *w = &raw->windows[windows[i]];
		size_t alike = 0;

		if (w->profile != path->profile || w->set < 0)
			continue;
		for (size_t k = 0; k < nr; k++)
			alike += raw->windows[windows[k]].profile == path->profile &&
				 raw->windows[windows[k]].set == w->set;
		if (alike > nr_best) {
			best = w;
			nr_best = alike;
		}
	}
	return best;
}

/* Everything that is resolved with. */
struct resolver {
	struct profile *p;
	const struct raw *raw;
	struct symbols *syms;
	struct owner_map *owners;
};

static void add_lines(const struct resolver *r, struct profile_phase *phase, const size_t *windows,
		      size_t nr, size_t typical)
{
	const struct raw_window *w = typical_lines(r->raw, windows, nr, typical);

	if (!w)
		return;
	phase->touched = w->lines;
	phase->written = w->written;
	phase->pages = w->pages;
	phase->transfers = w->transfers;
	phase->invalidations = w->invalidations;
	for (size_t i = 0; i < nr; i++)
		phase->nr_same_lines += same_lines(w, &r->raw->windows[windows[i]]);
	phase->turns = w->turns;
	profile_resolve_lines(r->p, phase, r->raw, &r->raw->sets[w->set], w->run, r->owners,
			      r->syms);
}

/* vcpus=N of a case; 1 if it has none. */
static unsigned int vcpus_of_case(const char *id)
{
	const char *vcpus = strstr(id, "/vcpus=");
	unsigned int nr;

	return vcpus && sscanf(vcpus, "/vcpus=%u", &nr) == 1 && nr ? nr : 1;
}

/*
 * A phase that counts its steps goes on on several vCPUs, and its length is not what the metric
 * says: of its windows the one in the middle is shown, a step.
 */
static size_t middle_window(const struct raw *raw, const size_t *windows, size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		size_t less = 0, equal = 0;

		for (size_t k = 0; k < nr; k++) {
			less += raw->windows[windows[k]].nr_insns <
				raw->windows[windows[i]].nr_insns;
			equal += raw->windows[windows[k]].nr_insns ==
				 raw->windows[windows[i]].nr_insns;
		}
		if (less <= nr / 2 && less + equal > nr / 2)
			return i;
	}
	return 0;
}

static bool fill_steps(const struct resolver *r, struct profile_phase *phase,
		       const struct record_metric *m, const size_t *windows, size_t *typical)
{
	const struct raw_window *w;

	*typical = middle_window(r->raw, windows, m->nr_values);
	w = &r->raw->windows[windows[*typical]];
	phase->steps = w->steps;
	phase->nr_typical = 1;
	phase->median = w->nr_insns;
	phase->divisor = m->divisor / vcpus_of_case(phase->case_id) * w->steps;
	return phase->divisor > 0;
}

static bool fill_sample(const struct resolver *r, struct profile_phase *phase,
			const struct record_metric *m, const size_t *windows, size_t *typical,
			struct error *err)
{
	const struct raw_window *w;

	*typical = find_typical(r->raw, m, windows, &phase->nr_typical);
	for (size_t i = 0; i < m->nr_values; i++)
		phase->nr_agree += r->raw->windows[windows[i]].nr_insns == m->values[i];
	w = &r->raw->windows[windows[*typical]];
	if (w->nr_insns > m->values[*typical]) {
		error_set(err,
			  "%s: %s: the plugin counted %ju instructions in a sample of "
			  "which the clock says %.0f: are record and profile of one run?",
			  phase->case_id, m->name, (uintmax_t)w->nr_insns, m->values[*typical]);
		return false;
	}
	phase->idle = m->values[*typical] - w->nr_insns;
	return true;
}

/* The record's clock counts no instructions: the sample in the middle by what the plugin counted. */
static void fill_marks(const struct resolver *r, struct profile_phase *phase,
		       const struct record_metric *m, const size_t *windows, size_t *typical)
{
	const struct raw_window *all = r->raw->windows, *w;

	*typical = middle_window(r->raw, windows, m->nr_values);
	w = &all[windows[*typical]];
	phase->median = w->nr_insns;
	for (size_t i = 0; i < m->nr_values; i++)
		phase->nr_typical += all[windows[i]].profile == w->profile;
}

static int resolve_metric(const struct resolver *r, const struct record_case *c,
			  const struct record_metric *m, const size_t *windows, struct error *err)
{
	struct profile *p = r->p;
	struct profile_phase *phase = &p->phases[p->nr_phases];
	const struct raw_window *w;
	size_t typical;

	*phase = (struct profile_phase) {
		.case_id = pool_strdup(&p->pool, c->id),
		.name = pool_strdup(&p->pool, m->name),
		.per = pool_strdup(&p->pool, m->per),
		.divisor = m->divisor,
		.median = m->summary.p50,
		.nr_samples = m->nr_values,
	};
	if (r->raw->windows[windows[0]].steps) {
		if (!fill_steps(r, phase, m, windows, &typical))
			return 0;
	} else if (p->marks_only) {
		fill_marks(r, phase, m, windows, &typical);
	} else if (!fill_sample(r, phase, m, windows, &typical, err)) {
		return -1;
	}
	w = &r->raw->windows[windows[typical]];
	if (phase->idle && !has_halt(&r->raw->profiles[w->profile])) {
		/* Nobody slept, so the metric is more than this phase: copy's map and unmap. */
		add_hint(p,
			 pool_printf(&p->pool,
				     "left out: %s: %s: its marks enclose %ju of %.0f "
				     "instructions",
				     c->id, m->name, (uintmax_t)w->nr_insns, m->values[typical]));
		return 0;
	}
	build_frames(p, phase, r->raw, &r->raw->profiles[w->profile], r->syms);
	if (phase->insns != w->nr_insns)
		return error_set(err,
				 "%s: %s: the functions add up to %ju, not to %ju: the plugin's "
				 "file is damaged",
				 c->id, m->name, (uintmax_t)phase->insns, (uintmax_t)w->nr_insns);
	add_lines(r, phase, windows, m->nr_values, typical);
	p->nr_phases++;
	return 0;
}

static int resolve_case(const struct resolver *r, const struct record_case *c, unsigned int run,
			struct error *err)
{
	int ret = 0;

	for (size_t i = 0; i < c->nr_metrics && !ret; i++) {
		const struct record_metric *m = &c->metrics[i];
		size_t *windows;

		enum mark mark = mark_of_metric(c, m);

		if (mark == MARK_NONE || !m->nr_values ||
		    (strcmp(m->unit, "insn") && !r->p->marks_only))
			continue;
		windows = xcalloc(m->nr_values, sizeof(*windows));
		if (find_windows(r->raw, run, mark, windows, m->nr_values))
			ret = resolve_metric(r, c, m, windows, err);
		free(windows);
	}
	return ret;
}

static void copy_environment(struct profile *p, const struct record *rec)
{
	p->environment = pool_alloc(&p->pool, rec->nr_environment + 1, sizeof(*p->environment));
	for (size_t i = 0; i < rec->nr_environment; i++) {
		const struct record_field *f = &rec->environment[i];

		if (!environment_decides(f->name))
			continue;
		p->environment[p->nr_environment++] = (struct record_field) {
			.name = pool_strdup(&p->pool, f->name),
			.text = pool_strdup(&p->pool, f->text),
			.is_number = f->is_number,
			.number = f->number,
		};
	}
}

static size_t count_metrics(const struct record *rec)
{
	size_t nr = 0;

	for (size_t i = 0; i < rec->nr_cases; i++)
		nr += rec->cases[i].nr_metrics;
	return nr;
}

struct profile *profile_resolve(const struct record *rec, const struct raw *raw,
				struct symbols *syms, bool marks_only, struct error *err)
{
	struct resolver r = { .raw = raw, .syms = syms };
	unsigned int run = 0;
	struct profile *p;

	if (rec->tier != TIER_EXACT && !marks_only) {
		error_set(err, "the record is of tier %s: only the exact tier counts instructions",
			  tier_names[rec->tier]);
		return NULL;
	}
	r.p = p = profile_new();
	p->marks_only = marks_only;
	r.owners = owner_map_new(raw, syms);
	p->nr_vcpus = raw->nr_vcpus;
	copy_environment(p, rec);
	p->phases = pool_alloc(&p->pool, count_metrics(rec) + 1, sizeof(*p->phases));
	for (size_t i = 0; i < rec->nr_cases; i++) {
		const struct record_case *c = &rec->cases[i];

		if (c->status != CASE_OK)
			continue;
		if (resolve_case(&r, c, ++run, err))
			goto fail;
	}
	if (raw->nr_dropped)
		add_hint(p, pool_printf(&p->pool,
					"the plugin had no room for %ju windows, and a metric that "
					"misses one is left out: fewer samples (SAMPLES=10)",
					(uintmax_t)raw->nr_dropped));
	if (run == raw->nr_runs && p->nr_phases) {
		owner_map_free(r.owners);
		return p;
	}
	if (run != raw->nr_runs)
		error_set(err,
			  "the record has %u cases, the plugin saw %u: either they aren't of "
			  "one run, or a case failed",
			  run, raw->nr_runs);
	else
		error_set(err,
			  "no metric of the record is timed by marked phases (sampler_begin), or "
			  "the plugin dropped them (%ju windows)",
			  (uintmax_t)raw->nr_dropped);
fail:
	owner_map_free(r.owners);
	profile_free(p);
	return NULL;
}
