// SPDX-License-Identifier: GPL-2.0
#include "lines.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define LINE_SHIFT	    6
#define LINE_SIZE	    (1u << LINE_SHIFT)
#define PAGE_SHIFT	    12
#define LINES_OF_PAGE	    (1u << (PAGE_SHIFT - LINE_SHIFT))
#define NR_BUCKETS	    (1u << 16)
#define NR_RECENT	    256
#define MAX_SETS_OF_PROFILE 4 /* in one run of a case */
#define NONE		    (~0u)
#define MAX_WAITING	    8

enum line_flag { LINE_WRITTEN = 1, LINE_PERCPU = 2, LINE_STACK = 4, LINE_FALSE = 8 };

/* A line of RAM, as long as QEMU lives. */
struct line {
	int writer; /* vCPU, or -1: nobody yet */
	uint64_t writer_pc;
	uint64_t readers;    /* vCPUs that read since; a bit each */
	unsigned int run;    /* to which bytes belongs */
	unsigned int window; /* to which index belongs */
	unsigned int index;  /* in the open window */
	uint64_t *bytes;     /* of each vCPU, in this run: bytes that it read, that it wrote */
};

struct page {
	struct page *next;
	uint64_t number;
	uint64_t stack; /* the virtual page by which it was a stack last; 0: none */
	struct line lines[LINES_OF_PAGE];
};

/* In the open window, in the order of the first access. */
struct window_line {
	struct line *line;
	struct page *page;
	uint64_t phys, vaddr;
	unsigned int flags;
	unsigned int transfers, invalidations;
	unsigned int
		came_to; /* 1 + the vCPU that it came to last, until that one takes a lock in it */
};

struct use { /* of a line by an instruction */
	unsigned int line;
	unsigned int flags;
	uint64_t pc;
};

struct transfer {
	unsigned int line;
	unsigned int count;
	uint64_t pc, from_pc;
};

/* A word that locked instructions change: a lock, if the function that does so is one's. */
struct lock {
	uint64_t phys, vaddr, pc;
	unsigned int node;
	unsigned int nr, nr_transfers, nr_waited;
	uint64_t held;
};

struct waiter {
	unsigned int vcpu;
	unsigned int lock;
	unsigned int node; /* of its last locked instruction on the word */
};

/* Who has a lock, and who waits for it, in order. */
struct holder {
	struct waiter has;
	bool held;
	bool claims; /* got it by waiting: a store from where it waited takes it, and is no release */
	uint64_t since;
	struct waiter waiting[MAX_WAITING];
	unsigned int nr_waiting;
};

struct set {
	uint64_t hash;
	unsigned int profile;
	struct line_counts counts;
	struct window_line *lines;
	struct use *uses;
	size_t nr_uses;
	struct transfer *transfers;
	size_t nr_transfers;
	struct lock *locks;
	size_t nr_locks;
};

/* An index by 64-bit keys, emptied by counting a serial number up. */
struct index_entry {
	uint64_t a, b, c;
	unsigned int serial;
	unsigned int value;
};

struct index {
	struct index_entry *entries;
	size_t mask, nr;
};

static unsigned int nr_vcpus, run_serial, window_serial;
static struct page *pages[NR_BUCKETS];
static struct page *recent[NR_RECENT]; /* of that number modulo NR_RECENT: spares most searches */

static struct set now; /* the open window's */
static size_t nr_lines;
static struct index uses, transfers, locks, holders, vpages;
static struct holder *holder_array;
static uint64_t vcpu_now[64]; /* instructions of each, at its last access */
static size_t nr_holders;

static struct set *sets;
static size_t nr_sets;
/* How many sets of a profile were kept in a run. */
struct kept {
	unsigned int run, nr;
};

static struct kept *kept;
static size_t nr_profiles;

struct known {
	int kind;
	uint64_t phys;
	unsigned int run;
};

static struct known *known;
static size_t nr_known;

static void *must(void *p)
{
	if (!p) {
		fputs("insn_profile: out of memory\n", stderr);
		exit(2);
	}
	return p;
}

/* Doubles the room of an array each time that its length reaches a power of two. */
static void *grow(void *array, size_t nr, size_t size)
{
	return nr & (nr - 1) ? array : must(reallocarray(array, nr ? 2 * nr : 1, size));
}

static uint64_t mix(uint64_t a, uint64_t b)
{
	a = (a ^ b) * 0x9e3779b97f4a7c15;
	return a ^ a >> 29;
}

static struct index_entry *probe(const struct index *x, uint64_t a, uint64_t b, uint64_t c)
{
	size_t i = mix(mix(mix(a, 0), b), c) & x->mask;

	while (x->entries[i].serial == window_serial &&
	       (x->entries[i].a != a || x->entries[i].b != b || x->entries[i].c != c))
		i = (i + 1) & x->mask;
	return &x->entries[i];
}

static void index_grow(struct index *x)
{
	struct index old = *x;

	x->mask = old.entries ? 2 * old.mask + 1 : 1023;
	x->entries = must(calloc(x->mask + 1, sizeof(*x->entries)));
	for (size_t i = 0; old.entries && i <= old.mask; i++) {
		const struct index_entry *e = &old.entries[i];

		if (e->serial == window_serial)
			*probe(x, e->a, e->b, e->c) = *e;
	}
	free(old.entries);
}

/* The value of a key, which is @value if it is new. */
static unsigned int index_get(struct index *x, uint64_t a, uint64_t b, uint64_t c,
			      unsigned int value)
{
	struct index_entry *e;

	if (!x->entries || 2 * x->nr > x->mask)
		index_grow(x);
	e = probe(x, a, b, c);
	if (e->serial != window_serial) {
		*e = (struct index_entry) { a, b, c, window_serial, value };
		x->nr++;
	}
	return e->value;
}

static unsigned int index_find(const struct index *x, uint64_t a, uint64_t b, uint64_t c)
{
	const struct index_entry *e = x->entries ? probe(x, a, b, c) : NULL;

	return e && e->serial == window_serial ? e->value : NONE;
}

static struct page *search_page(uint64_t number)
{
	struct page **bucket = &pages[mix(number, 0) & (NR_BUCKETS - 1)], *p;

	for (p = *bucket; p; p = p->next)
		if (p->number == number)
			return p;
	p = must(calloc(1, sizeof(*p)));
	p->number = number;
	p->next = *bucket;
	*bucket = p;
	for (unsigned int i = 0; i < LINES_OF_PAGE; i++)
		p->lines[i].writer = -1;
	return p;
}

static struct page *find_page(uint64_t number)
{
	struct page **p = &recent[number % NR_RECENT];

	if (!*p || (*p)->number != number)
		*p = search_page(number);
	return *p;
}

void lines_init(unsigned int nr)
{
	nr_vcpus = nr;
	window_serial = 1;
}

void lines_begin_run(void)
{
	run_serial++;
}

void lines_open(void)
{
	window_serial++;
	nr_lines = 0;
	now.counts = (struct line_counts) { 0 };
	now.nr_uses = now.nr_transfers = now.nr_locks = nr_holders = 0;
	uses.nr = transfers.nr = locks.nr = holders.nr = vpages.nr = 0;
}

/* Bytes of the line that each vCPU read and wrote in this run. */
static void note_bytes(struct line *l, const struct access *a)
{
	uint64_t mask = (a->size < 64 ? (1ull << a->size) - 1 : ~0ull)
			<< (a->phys & (LINE_SIZE - 1));

	if (!l->bytes)
		l->bytes = must(calloc(2 * nr_vcpus, sizeof(*l->bytes)));
	if (l->run != run_serial) {
		memset(l->bytes, 0, 2 * nr_vcpus * sizeof(*l->bytes));
		l->run = run_serial;
	}
	l->bytes[2 * a->vcpu + a->store] |= mask;
}

/* Several vCPUs use the line, one of them writes, and no byte that one writes is another's too. */
static bool is_false_sharing(const struct line *l)
{
	bool written = false;
	unsigned int users = 0;

	if (!l->bytes || l->run != run_serial)
		return false;
	for (unsigned int v = 0; v < nr_vcpus; v++) {
		uint64_t others = 0;

		for (unsigned int w = 0; w < nr_vcpus; w++)
			if (w != v)
				others |= l->bytes[2 * w] | l->bytes[2 * w + 1];
		if (l->bytes[2 * v + 1] & others)
			return false;
		written = written || l->bytes[2 * v + 1];
		users += (l->bytes[2 * v] | l->bytes[2 * v + 1]) != 0;
	}
	return users > 1 && written;
}

static struct window_line *window_line(struct page *p, struct line *l, const struct access *a)
{
	if (l->window != window_serial) {
		l->window = window_serial;
		l->index = nr_lines;
		now.lines = grow(now.lines, nr_lines, sizeof(*now.lines));
		now.lines[nr_lines++] = (struct window_line) {
			.line = l,
			.page = p,
			.phys = a->phys >> LINE_SHIFT << LINE_SHIFT,
			.vaddr = a->vaddr,
		};
	}
	return &now.lines[l->index];
}

static void note_use(const struct line *l, const struct access *a)
{
	unsigned int i = index_get(&uses, l->index, a->pc, 0, now.nr_uses);

	if (i == now.nr_uses) {
		now.uses = grow(now.uses, now.nr_uses, sizeof(*now.uses));
		now.uses[now.nr_uses++] = (struct use) { .line = l->index, .pc = a->pc };
	}
	now.uses[i].flags |= a->store ? LINE_WRITTEN : 0;
}

static void note_transfer(const struct line *l, const struct access *a)
{
	unsigned int i = index_get(&transfers, l->index, a->pc, l->writer_pc, now.nr_transfers);

	if (i == now.nr_transfers) {
		now.transfers = grow(now.transfers, now.nr_transfers, sizeof(*now.transfers));
		now.transfers[now.nr_transfers++] = (struct transfer) { .line = l->index,
									.pc = a->pc,
									.from_pc = l->writer_pc };
	}
	now.transfers[i].count++;
}

/*
 * Locks. A locked instruction takes the word, or waits for it if another vCPU has it; the holder's
 * next store to it, locked or not, lets go. Whether it is a lock is for who knows the functions.
 */

static unsigned int lock_of(const struct access *a)
{
	unsigned int i = index_get(&locks, a->phys, a->node, 0, now.nr_locks);

	if (i == now.nr_locks) {
		now.locks = grow(now.locks, now.nr_locks, sizeof(*now.locks));
		now.locks[now.nr_locks++] = (struct lock) {
			.phys = a->phys, .vaddr = a->vaddr, .pc = a->pc, .node = a->node
		};
	}
	return i;
}

static void take(struct holder *h, struct waiter w)
{
	h->has = w;
	h->held = true;
	h->claims = false;
	h->since = vcpu_now[w.vcpu];
	now.locks[w.lock].nr++;
}

static void let_go(struct holder *h)
{
	now.locks[h->has.lock].held += vcpu_now[h->has.vcpu] - h->since;
	h->held = false;
	if (!h->nr_waiting)
		return;
	take(h, h->waiting[0]);
	h->claims = true;
	memmove(h->waiting, h->waiting + 1, --h->nr_waiting * sizeof(*h->waiting));
}

static void wait_for(struct holder *h, const struct access *a, unsigned int lock)
{
	struct waiter *w = h->waiting;

	while (w < h->waiting + h->nr_waiting && w->vcpu != a->vcpu)
		w++;
	if (w == h->waiting + MAX_WAITING)
		return;
	if (w == h->waiting + h->nr_waiting) {
		h->nr_waiting++;
		*w = (struct waiter) { .vcpu = a->vcpu, .lock = lock };
		now.locks[w->lock].nr_waited++;
	}
	w->node = a->node;
}

/* @a is a store. Whoever takes a lock may have looked at it before: its line came then. */
static void note_lock(const struct access *a, struct window_line *w)
{
	uint64_t word = a->phys & ~3ull;
	struct holder *h;
	unsigned int i;

	if (a->atomic)
		i = index_get(&holders, word, 0, 0, nr_holders);
	else
		i = index_find(&holders, word, 0, 0);
	if (i == NONE)
		return;
	if (i == nr_holders) {
		holder_array = grow(holder_array, nr_holders, sizeof(*holder_array));
		holder_array[nr_holders++] = (struct holder) { 0 };
	}
	h = &holder_array[i];
	if (h->held && h->has.vcpu == a->vcpu) {
		if (h->claims && h->has.node == a->node)
			h->claims = false;
		else
			let_go(h);
	} else if (a->atomic) {
		unsigned int lock = lock_of(a);

		if (w->came_to == a->vcpu + 1) {
			now.locks[lock].nr_transfers++;
			w->came_to = 0;
		}
		if (h->held)
			wait_for(h, a, lock);
		else
			take(h, (struct waiter) { a->vcpu, lock, a->node });
	}
}

void lines_access(const struct access *a, bool in_window)
{
	struct page *p = find_page(a->phys >> PAGE_SHIFT);
	struct line *l = &p->lines[a->phys >> LINE_SHIFT & (LINES_OF_PAGE - 1)];
	uint64_t me = 1ull << a->vcpu;
	bool transferred = l->writer >= 0 && l->writer != (int)a->vcpu && !(l->readers & me);
	bool invalidates = a->store && (l->readers & ~me);

	vcpu_now[a->vcpu] = a->now;
	if (a->stack)
		p->stack = a->vaddr >> PAGE_SHIFT;
	if (nr_vcpus > 1)
		note_bytes(l, a);
	if (in_window) {
		struct window_line *w = window_line(p, l, a);

		w->flags |= (a->store ? LINE_WRITTEN : 0) | (a->percpu ? LINE_PERCPU : 0);
		note_use(l, a);
		index_get(&vpages, a->vaddr >> PAGE_SHIFT, 0, 0, 0);
		if (transferred) {
			w->transfers++;
			w->came_to = a->vcpu + 1;
			note_transfer(l, a);
		}
		w->invalidations += invalidates;
		if (a->store && !a->stack)
			note_lock(a, w);
	}
	if (a->store) {
		l->writer = a->vcpu;
		l->writer_pc = a->pc;
		l->readers = 0;
	} else {
		l->readers |= me;
	}
}

/* It is said before the run begins. */
void lines_known(const struct access *a, int kind)
{
	known = grow(known, nr_known, sizeof(*known));
	known[nr_known++] = (struct known) { kind, a->phys, run_serial + 1 };
}

static uint64_t hash_of(const struct set *s)
{
	uint64_t hash = s->counts.lines;

	for (size_t i = 0; i < s->counts.lines; i++) {
		hash = mix(hash, s->lines[i].phys ^ s->lines[i].vaddr);
		hash = mix(hash, s->lines[i].flags | (uint64_t)s->lines[i].transfers << 32 |
					 s->lines[i].invalidations << 4);
	}
	for (size_t i = 0; i < s->nr_uses; i++)
		hash = mix(hash,
			   s->uses[i].pc ^ (uint64_t)s->uses[i].line << 40 ^ s->uses[i].flags);
	for (size_t i = 0; i < s->nr_transfers; i++)
		hash = mix(mix(hash, s->transfers[i].pc ^ (uint64_t)s->transfers[i].line << 40),
			   s->transfers[i].from_pc ^ (uint64_t)s->transfers[i].count << 40);
	for (size_t i = 0; i < s->nr_locks; i++)
		hash = mix(mix(hash, s->locks[i].phys ^ (uint64_t)s->locks[i].node << 40),
			   s->locks[i].nr ^ s->locks[i].held << 20 ^
				   (uint64_t)s->locks[i].nr_transfers << 50);
	return hash;
}

static void *copy(const void *from, size_t nr, size_t size)
{
	void *to = must(malloc(nr * size + 1));

	return nr ? memcpy(to, from, nr * size) : to;
}

static void finish_counts(struct line_counts *c)
{
	*c = (struct line_counts) { .lines = nr_lines, .pages = vpages.nr };
	for (size_t i = 0; i < nr_lines; i++) {
		struct window_line *w = &now.lines[i];

		w->flags |= w->page->stack == w->vaddr >> PAGE_SHIFT ? LINE_STACK : 0;
		w->flags |= nr_vcpus > 1 && is_false_sharing(w->line) ? LINE_FALSE : 0;
		c->written += w->flags & LINE_WRITTEN;
		c->transfers += w->transfers;
		c->invalidations += w->invalidations;
	}
}

int lines_close(unsigned int profile, struct line_counts *counts)
{
	struct set *s;

	finish_counts(&now.counts);
	*counts = now.counts;
	now.profile = profile;
	now.hash = hash_of(&now);
	while (nr_profiles <= profile) {
		kept = grow(kept, nr_profiles, sizeof(*kept));
		kept[nr_profiles++] = (struct kept) { 0 };
	}
	for (size_t i = nr_sets; i-- > 0;)
		if (sets[i].hash == now.hash && sets[i].profile == profile)
			return i;
	if (kept[profile].run != run_serial)
		kept[profile] = (struct kept) { .run = run_serial };
	if (kept[profile].nr == MAX_SETS_OF_PROFILE)
		return -1;
	kept[profile].nr++;
	sets = grow(sets, nr_sets, sizeof(*sets));
	s = &sets[nr_sets];
	*s = now;
	s->lines = copy(now.lines, nr_lines, sizeof(*s->lines));
	s->uses = copy(now.uses, now.nr_uses, sizeof(*s->uses));
	s->transfers = copy(now.transfers, now.nr_transfers, sizeof(*s->transfers));
	s->locks = copy(now.locks, now.nr_locks, sizeof(*s->locks));
	return nr_sets++;
}

static void print_set(FILE *out, const struct set *s)
{
	for (size_t i = 0; i < s->counts.lines; i++) {
		const struct window_line *l = &s->lines[i];

		fprintf(out, "l %" PRIx64 " %" PRIx64 " %x %u %u\n", l->phys, l->vaddr, l->flags,
			l->transfers, l->invalidations);
	}
	for (size_t i = 0; i < s->nr_uses; i++)
		fprintf(out, "u %u %" PRIx64 " %x\n", s->uses[i].line, s->uses[i].pc,
			s->uses[i].flags);
	for (size_t i = 0; i < s->nr_transfers; i++)
		fprintf(out, "t %u %" PRIx64 " %" PRIx64 " %u\n", s->transfers[i].line,
			s->transfers[i].pc, s->transfers[i].from_pc, s->transfers[i].count);
	for (size_t i = 0; i < s->nr_locks; i++)
		if (s->locks[i].nr)
			fprintf(out,
				"k %" PRIx64 " %" PRIx64 " %" PRIx64 " %u %u %" PRIu64 " %u %u\n",
				s->locks[i].phys, s->locks[i].vaddr, s->locks[i].pc,
				s->locks[i].node, s->locks[i].nr, s->locks[i].held,
				s->locks[i].nr_transfers, s->locks[i].nr_waited);
}

void lines_print(FILE *out)
{
	for (size_t i = 0; i < nr_known; i++)
		fprintf(out, "known %d %" PRIx64 " %u\n", known[i].kind, known[i].phys,
			known[i].run);
	for (size_t i = 0; i < nr_sets; i++) {
		fprintf(out, "set %zu\n", i);
		print_set(out, &sets[i]);
	}
}
