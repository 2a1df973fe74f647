// SPDX-License-Identifier: GPL-2.0
#include "record/tiers.h"

#include <stdio.h>
#include <string.h>

const struct tier_info tiers[NR_TIERS] = {
#define TIER(id, ...) [TIER_##id] = { __VA_ARGS__ },
	TIERS(TIER)
#undef TIER
};

const char *const tier_names[NR_TIERS] = {
#define TIER(id, name, ...) [TIER_##id] = name,
	TIERS(TIER)
#undef TIER
};

const char *tier_list(void)
{
	static char list[256];
	size_t len = 0;

	for (int i = 0; i < NR_TIERS && len < sizeof(list); i++)
		len += snprintf(list + len, sizeof(list) - len, "%s%s",
				!i		  ? "" :
				i == NR_TIERS - 1 ? " and " :
						    ", ",
				tiers[i].name);
	return list;
}
