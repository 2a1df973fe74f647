/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What run/mapper.c asks and run/mapper_serve.c answers. Both have the same ABI (gntbench_info.abi), and
 * should be the same build.
 */
#ifndef UBENCH_MAPPER_MAIL_H
#define UBENCH_MAPPER_MAIL_H

#include "run/drivers/driver.h"
#include "run/mail.h"

#define MAPPER_DIR "data/gntbench/mapper"

/* A request as it was got, and all that it points to. */
struct mapper_request {
	uint64_t token; /* of the request, and of its answer */
	struct request req;
	struct plan_case c;
	struct granter granter;
	char name[GNTBENCH_NAME_LEN], op[GNTBENCH_NAME_LEN], unmap_mode[GNTBENCH_NAME_LEN];
	uint64_t *holds_ns;
};

/* GRANTER has no grefs if nothing is granted. */
struct mail mapper_put_request(const struct request *req, const struct granter *granter,
			       uint64_t token);
/* 0, or -1 and err. Its memory is to be freed in both cases. */
int mapper_get_request(struct mail *mail, struct mapper_request *out, struct error *err);
void mapper_free_request(struct mapper_request *req);

struct mail mapper_put_answer(const struct outcome *out, uint64_t nr_samples, uint64_t token);
/* False if it is of another request. */
bool mapper_get_answer(struct mail *mail, uint64_t nr_samples, uint64_t token, struct outcome *out);

#endif /* UBENCH_MAPPER_MAIL_H */
