/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A domU that does I/O as it is told to, and reads the clock: what the drivers of real backends have
 * in common. With one CPU for all domains that clock counts what any of them does, and what none
 * does: such a driver is never_idle.
 */
#ifndef UBENCH_IO_DOMU_H
#define UBENCH_IO_DOMU_H

#include <stdbool.h>
#include <stddef.h>

#include "run/drivers/driver.h"
#include "run/drivers/io_request.h"

/*
 * The domU that takes requests in DIR of its own, and is a frontend of this domain's: @backends is
 * the directory of those in xenstore. 0, or -1 and err (it says @needed).
 */
int io_domu_open(const char *backends, const char *dir, const char *needed, struct error *err);
void io_domu_close(void);

/* That domU's id, as text; NULL if none is open. */
const char *io_domu_id(void);

/* The head of what asks the domU for the samples of @req, with requests of @bytes each. */
struct io_request io_domu_request(const struct request *req, uint32_t bytes);

/* Asks: @io is the head of a request of @size bytes. False, and out says why, if that fails. */
bool io_domu_ask(const struct io_request *io, size_t size, struct outcome *out);

/*
 * Waits for the answer to what was asked last, and takes its ticks into @out. False, and out says
 * why, if there is none in time, or something failed in the domU.
 */
bool io_domu_take(const struct request *req, const struct io_request *io, struct outcome *out);

/* An oracle: whether the backend counted what it should have. */
bool io_domu_is_right(struct outcome *out, const char *backend, const char *what, uint64_t is,
		      uint64_t should);

#endif /* UBENCH_IO_DOMU_H */
