// SPDX-License-Identifier: GPL-2.0
/*
 * scribble DOMID GREF: a fault to plant. Flips a bit in the word by which a granter marks its page;
 * the second time it is whole again. Prints the word that a mapper writes.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <xengnttab.h>

int main(int argc, char **argv)
{
	xengnttab_handle *gnttab = xengnttab_open(NULL, 0);
	uint64_t *page;

	if (argc != 3 || !gnttab)
		return 2;
	page = xengnttab_map_grant_ref(gnttab, atoi(argv[1]), atoi(argv[2]),
				       PROT_READ | PROT_WRITE);
	if (!page) {
		perror("scribble");
		return 2;
	}
	page[0] ^= 1;
	printf("%jx\n", (uintmax_t)page[4096 / sizeof(*page) / 2]);
	xengnttab_unmap(gnttab, page, 1);
	return 0;
}
