// SPDX-License-Identifier: GPL-2.0
/*
 * /dev/rstf_bench: measures in the network namespace in which it was opened.
 */
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/nsproxy.h>
#include <linux/slab.h>
#include <linux/tick.h>
#include <linux/uaccess.h>
#include <net/net_namespace.h>

#include "bench.h"

/**
 * struct bench - an open file
 * @net: where it was opened
 * @lock: protects @ops; one request at a time
 * @ops: the hook that was asked for, or NULL
 */
struct bench {
	struct net *net;
	struct mutex lock; /* see above */
	struct nf_hook_ops *ops;
};

static int device_open(struct inode *inode, struct file *file)
{
	struct bench *bench;

	if (!capable(CAP_NET_ADMIN))
		return -EPERM;
	bench = kzalloc(sizeof(*bench), GFP_KERNEL);
	if (!bench)
		return -ENOMEM;
	mutex_init(&bench->lock);
	bench->net = get_net(current->nsproxy->net_ns);
	file->private_data = bench;

	return nonseekable_open(inode, file);
}

static int device_release(struct inode *inode, struct file *file)
{
	struct bench *bench = file->private_data;

	bench_hook_unregister(bench->net, bench->ops);
	put_net(bench->net);
	kfree(bench);

	return 0;
}

static long device_run(struct bench *bench, void __user *arg)
{
	struct rstf_bench_run run;
	int err;

	if (copy_from_user(&run, arg, sizeof(run)))
		return -EFAULT;
	err = bench_traverse(bench->net, &run);
	if (err)
		return err;

	return copy_to_user(arg, &run, sizeof(run)) ? -EFAULT : 0;
}

static long device_hold(struct bench *bench, void __user *arg)
{
	struct rstf_bench_hold hold;
	int err;

	if (copy_from_user(&hold, arg, sizeof(hold)))
		return -EFAULT;
	err = bench_hold(bench->net, &hold);
	if (err)
		return err;

	return copy_to_user(arg, &hold, sizeof(hold)) ? -EFAULT : 0;
}

static long device_idle(void __user *arg)
{
	unsigned int cpu;
	u64 sum = 0;

	for_each_online_cpu(cpu)
		sum += get_cpu_idle_time_us(cpu, NULL);

	return copy_to_user(arg, &sum, sizeof(sum)) ? -EFAULT : 0;
}

static long device_hook(struct bench *bench, void __user *arg)
{
	struct rstf_bench_hook hook;
	struct nf_hook_ops *ops;

	if (copy_from_user(&hook, arg, sizeof(hook)))
		return -EFAULT;
	if (bench->ops)
		return -EBUSY;
	ops = bench_hook_register(bench->net, &hook);
	if (IS_ERR(ops))
		return PTR_ERR(ops);
	bench->ops = ops;

	return 0;
}

static long device_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct bench *bench = file->private_data;
	long ret = -ENOTTY;

	mutex_lock(&bench->lock);
	switch (cmd) {
	case RSTF_BENCH_RUN:
		ret = device_run(bench, (void __user *)arg);
		break;
	case RSTF_BENCH_HOOK:
		ret = device_hook(bench, (void __user *)arg);
		break;
	case RSTF_BENCH_HOLD:
		ret = device_hold(bench, (void __user *)arg);
		break;
	case RSTF_BENCH_IDLE:
		ret = device_idle((void __user *)arg);
		break;
	}
	mutex_unlock(&bench->lock);

	return ret;
}

static const struct file_operations device_fops = {
	.owner = THIS_MODULE,
	.open = device_open,
	.release = device_release,
	.unlocked_ioctl = device_ioctl,
};

static struct miscdevice device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = RSTF_BENCH_DEVICE,
	.fops = &device_fops,
	.mode = 0600,
};

module_misc_device(device);

MODULE_DESCRIPTION("measures what a netfilter hook costs");
MODULE_LICENSE("GPL");
