// SPDX-License-Identifier: GPL-2.0
/*
 * /dev/gntbench: one ioctl runs one case, one at a time.
 *
 * An open file holds a reference of the module: rmmod is refused (EWOULDBLOCK) while a case runs or
 * while a request waits for a page that was never released.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/capability.h>
#include <linux/cpumask.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <xen/xen.h>

#include "batch.h"
#include "bench.h"
#include "fault.h"
#include "requests.h"
#include "sampler.h"
#include "watch.h"

static DEFINE_MUTEX(run_lock);

static int run_samples(struct bench *b)
{
	const u64 warmup = b->args->param[GNTBENCH_P_WARMUP];
	const u64 end = warmup + b->args->param[GNTBENCH_P_SAMPLES];
	u64 scratch[GNTBENCH_MAX_METRICS];
	u64 *row;
	int err;

	for (b->nr_sample = 0; b->nr_sample < end; b->nr_sample++) {
		err = bench_check(b);
		if (err)
			return err;
		cond_resched();
		if (b->nr_sample == warmup)
			sampler_mark(MARK_COUNTS);
		row = bench_counts(b) ? b->values + (b->nr_sample - warmup) * b->nr_metrics :
					scratch;
		if (b->args->flags & GNTBENCH_ALIGNED)
			sampler_align(1);
		sampler_interrupts();
		err = b->the_case->ops->sample(b, row);
		if (err)
			return err;
		if (bench_counts(b))
			b->interrupts[b->nr_sample - warmup] = sampler_interrupts();
	}
	return bench_check_vcpus(b);
}

static int run_case(struct bench *b)
{
	const struct case_ops *ops = b->the_case->ops;
	int err;

	if (b->args->flags & GNTBENCH_ALIGNED)
		sampler_align(HZ);
	b->nr_vcpus = num_online_cpus();
	b->deadline = ktime_add_ms(ktime_get(), b->args->param[GNTBENCH_P_TIMEOUT_MS]);
	sampler_start();
	err = ops->setup ? ops->setup(b) : 0;
	if (!err)
		err = run_samples(b);
	fault_end();
	if (ops->teardown)
		ops->teardown(b);
	if (!err && b->args->oracle_broken)
		err = -EILSEQ;
	return err;
}

static int return_values(struct bench *b)
{
	u64 samples = b->args->param[GNTBENCH_P_SAMPLES], nr_values = samples * b->nr_metrics;

	if (copy_to_user(u64_to_user_ptr(b->args->values), b->values,
			 nr_values * sizeof(*b->values)))
		return bench_why(b, -EFAULT, "can't write %llu values", nr_values);
	if (b->args->interrupts &&
	    copy_to_user(u64_to_user_ptr(b->args->interrupts), b->interrupts,
			 samples * sizeof(*b->interrupts)))
		return bench_why(b, -EFAULT, "can't write %llu counts of interrupts", samples);
	b->args->nr_values = nr_values;
	return 0;
}

static int run(struct gntbench_run *args)
{
	struct bench b = { .args = args };
	int err;

	args->why[0] = '\0';
	args->oracle_checks = 0;
	args->oracle_broken = 0;

	err = bench_args_get(&b);
	if (!err && !(args->flags & GNTBENCH_CHECK_ONLY)) {
		err = run_case(&b);
		if (!err)
			err = return_values(&b);
	}
	if (err || args->flags & GNTBENCH_CHECK_ONLY)
		args->nr_values = 0;
	bench_args_put(&b);
	return err;
}

static long ioctl_run(void __user *user)
{
	struct gntbench_run *args;
	int err;

	args = memdup_user(user, sizeof(*args));
	if (IS_ERR(args))
		return PTR_ERR(args);

	if (mutex_trylock(&run_lock)) {
		err = run(args);
		mutex_unlock(&run_lock);
	} else {
		strscpy(args->why, "another run is going on", sizeof(args->why));
		args->nr_values = 0;
		err = -EBUSY;
	}
	args->why[sizeof(args->why) - 1] = '\0';
	if (copy_to_user(user, args, sizeof(*args)))
		err = -EFAULT;
	kfree(args);
	return err;
}

static long ioctl_info(void __user *user)
{
	struct gntbench_info info = {};

	gntbench_info_fill(&info);
	return copy_to_user(user, &info, sizeof(info)) ? -EFAULT : 0;
}

/*
 * A case maps, writes and ends grants: for who may do anything to the machine. It is asked for at
 * each ioctl too: a descriptor may be inherited.
 */
static bool may_use(void)
{
	return capable(CAP_SYS_ADMIN);
}

static int gntbench_open(struct inode *inode, struct file *file)
{
	return may_use() ? 0 : -EPERM;
}

static long gntbench_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	if (!may_use())
		return -EPERM;
	switch (cmd) {
	case GNTBENCH_IOC_INFO:
		return ioctl_info((void __user *)arg);
	case GNTBENCH_IOC_RUN:
		return ioctl_run((void __user *)arg);
	default:
		return -ENOTTY;
	}
}

static const struct file_operations gntbench_fops = {
	.owner = THIS_MODULE,
	.open = gntbench_open,
	.unlocked_ioctl = gntbench_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.llseek = noop_llseek,
};

static struct miscdevice gntbench_dev = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "gntbench",
	.fops = &gntbench_fops,
	.mode = 0600,
};

static int __init gntbench_init(void)
{
	if (!xen_domain()) {
		pr_err("this kernel does not run on Xen: there are no grants to measure\n");
		return -ENODEV;
	}
	return misc_register(&gntbench_dev);
}

static void __exit gntbench_exit(void)
{
	misc_deregister(&gntbench_dev);
	fault_flush();
	batch_reap_flush();
	requests_exit();
	watch_exit();
	sampler_exit();
}

module_init(gntbench_init);
module_exit(gntbench_exit);

MODULE_LICENSE("GPL");
MODULE_VERSION("1");
MODULE_DESCRIPTION("Benchmarks of Xen grant map and unmap");
