# SPDX-License-Identifier: GPL-2.0
# The front door. Each target calls a script of the same name where there is one.

# Passed through to the scripts, on the command line or from the environment; a row each, for make help and for
# the check below. What is missing here is said by the script of the target.
#   SUITE=name    which suite; gntbench list           make bench SUITE=retry
#   CASE=glob     only those cases of it               make bench TIER=exact CASE='map_unmap/batch=8/*'
#   TIER=name     exact, wall or host                  make bench TIER=exact
#   VCPUS=n       of the lab's dom0                    make bench TIER=wall VCPUS=2
#   KERNEL=name   a name, image or built tree          make bench KERNEL=6.1
#   KDIR=dir      headers of a KERNEL= image           make bench KERNEL=bzImage KDIR=headers
#   XEN=name      a name, image or built tree          make bench XEN=4.20
#   MACHINE=name  of scripts/lab/machines              make bench MACHINE=pvh TIER=wall SUITE=foreign
#   LAB=1         the lab even in a real dom0          make bench LAB=1
#   COLD=1        no snapshot                          make bench COLD=1
#   BUILD=dir     in place of build                    make bench BUILD=/var/tmp/build
#   BASE=file     compare with this one only           make regress BASE=record.json
#   ACROSS=list   what may differ, is under test       make regress BASE=record.json ACROSS=kernel
#   BISECT=1      125 in place of 2 and 3              git bisect run make -C gntbench regress BISECT=1
#   HISTORY=dir   in place of results/history          make regress HISTORY=/var/lib/gntbench
#   LETTER=file   the mail that says it                make regress LETTER=mail
#   LINES=1       cache lines and locks, too           make regress LINES=1
#   RUNS=n        how many                             make calibrate RUNS=20
#   DIFF=         two kernels, Xens or profiles        make profile DIFF="BASE HEAD"
#   TOOL=perf     without the lab's plugin             make profile TOOL=perf
#   SAMPLES=n     of each case                         make profile SAMPLES=20
#   TURN_US=n     vCPUs' turns end at least so often   make profile SUITE=sharing VCPUS=2 TURN_US=20
#   XEN_SYMS=file symbols of XEN=                      make profile XEN=xen.gz XEN_SYMS=xen-syms
#   T=name        those with that in their name        make test T=regress
#   S=seconds     how long                             make fuzz S=600
#   SEED=number   of random choices                    make harden SEED=1
#   FRESH=list    RELEASE:USER                         make fresh FRESH=12:root
#   PAGES=files   to look at, too (T=by-name/pages)    make test T=by-name/pages PAGES=report.html SHOTS=/tmp/shots
#   SHOTS=DIR     pictures of the pages                make test T=by-name/pages SHOTS=/tmp/shots
#   DEBIAN=list   of scripts/releases                  make host-test DEBIAN="12 13"
#   REBUILD=1     its image, too                       make host-test REBUILD=1
#   MIRROR=url    in place of apt's own                make fresh MIRROR=http://mirror.example/debian
#   SERIES=name   of kernel-patches                    make justify SERIES=linux-7.3/fixes
#   KCONFIG=name  of kernel-patches, on top of lab     make justify KCONFIG=backends SUITES=busy-io
#   LINUX=tree    a git tree, with BASE= and HEAD=     make justify LINUX=linux BASE=v6.12 HEAD=mine
#   HEAD=rev      what is under test                   make xen XEN_TREE=xen BASE=master HEAD=mine
#   XEN_TREE=tree a git tree of Xen                    make justify XEN_TREE=xen BASE=master HEAD=mine
#   XEN_SUITE=    Debian's suite of Xen's source       make xen XEN_SUITE=trixie
#   PATCH=n       only that one, or up to it; each     make kernel-bugs SERIES=linux-7.3/fixes PATCH=each
#   SUITES=list   in place of its own                  make justify SUITES=retry
#   TIERS=list    in place of its own                  make justify TIERS=exact
#   ROUNDS=n      runs of each that take turns         make justify ROUNDS=8
#   BUGS=0        without the reproducers              make justify BUGS=0
#   JOBS=n        compilers at once                   make kernel JOBS=1
#   VERSION=name  which mutants                        make mutants VERSION=linux-6.12
#   KEEP=1        keep every record                    make mutants KEEP=1
#   KERNELS=list  names, trees or IMAGE:KDIR           make matrix KERNELS="6.1 6.12"
#   XENS=list     names, trees or images               make matrix XENS=4.20
#   MACHINES=list of scripts/lab/machines              make matrix MACHINES="pv pvh"
#   VERIFY=n      percent of what is known, again      make matrix VERIFY=5
#   PLAN=1        only what it would take              make matrix PLAN=1
#   STORE=dir     in place of results/store            make matrix STORE=/srv/cells
#   ENGINE=name   of scripts/engines                   make matrix ENGINE=slurm
#   HOSTS=file    on these, over ssh                   make matrix HOSTS=hosts
options := $(shell sed -n 's/^\#   \([A-Z_]*\)=.*/\1/p' $(firstword $(MAKEFILE_LIST)))
export $(filter-out T TOOL DIFF FRESH DEBIAN,$(options))

# Any other variable on the command line is a slip, which would be ignored in silence.
given := $(foreach v,$(.VARIABLES),$(if $(filter command,$(origin $(v))),$(v)))
unknown := $(filter-out $(options),$(given))
$(if $(unknown),$(error no such variable: $(unknown); there are: $(options)))

# A script ends with make, however make ends.
tied := @setpriv --pdeathsig TERM

help: ## this list
	@echo 'make TARGET [VARIABLE=value...]'; echo
	@sed -n 's/^\([a-z-]*\):.*## /  \1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 16
	@echo; echo 'Variables, and an example each:'; echo
	@sed -n 's/^#   \([A-Z]\)/  \1/p' $(firstword $(MAKEFILE_LIST))

bench: ## run the default suite on real Xen and write tables and plots to results/latest
	$(tied) scripts/bench

profile: ## where the instructions go, by function; DIFF="BASE HEAD": what moved; TOOL=perf: dom0 only
	$(tied) scripts/$(if $(filter perf,$(TOOL)),perf,profile $(if $(DIFF),--diff $(DIFF)))

hyperfine: ## time whole commands in dom0 with hyperfine, beside our own numbers
	$(tied) scripts/hyperfine

test: ## run every test; T=name runs those with name in their path
	$(tied) scripts/run-tests $(T)

fresh: ## on minimal systems of each Debian release: the commands of the README, word for word
	$(tied) scripts/fresh $(FRESH)

host-test: ## kit and packages on a Debian with Xen, systemd and a disk, in QEMU; DEBIAN=releases
	$(tied) scripts/host-test $(DEBIAN)

fuzz: ## feed gntbench's parsers what libFuzzer makes up; S=seconds
	$(tied) scripts/fuzz $(T)

harden: ## storms of random ioctls on a stock and a debug kernel, and a soak; S=seconds each, T=stock: there only
	$(tied) scripts/harden $(T)

kernel-bugs: ## does this kernel have the known bugs of gntdev? Debian's 6.12 has them
	$(tied) scripts/kernel-bugs $(T)

# make ends with the status of scripts/regress, for git bisect run, and not with its own 2 of every failure;
# one that can't load what does so says 2. make -n would build that all the same, were it not told to leave it.
ifneq ($(and $(filter load,$(.FEATURES)),$(filter regress,$(MAKECMDGOALS))),)
ifeq ($(findstring n,$(firstword -$(MAKEFLAGS))),)
exit_status := $(or $(BUILD),build)/make/status
-load $(dir $(exit_status))exit_as.so
$(dir $(exit_status))exit_as.so: scripts/exit_as.c
	@mkdir -p $(@D) && scripts/setup build && gcc -shared -fPIC -o $@ $< || true
endif
endif

regress: ## compare the default suite with its reference and with the newest comparable record
	$(tied) env STATUS_FILE=$(exit_status) scripts/regress

reference: ## record the reference that regress compares with, to be committed
	$(tied) scripts/reference

calibrate: ## compare this machine with itself: false alarms, smallest change seen
	$(tied) scripts/calibrate

kernel: ## build base and patched kernel for the lab, side by side
	$(tied) scripts/kernel

xen: ## build base and patched Xen for the lab, side by side, from Debian's source or XEN_TREE=
	$(tied) scripts/xen

mutants: ## kernels with a planted mistake each: does each get the verdict that it must?
	$(tied) scripts/mutants $(T)

justify: ## what a patch of Linux or Xen changes: base against patched, a table for the cover letter
	$(tied) scripts/justify

check-series: ## each patch of SERIES= compiles for x86, i386 and arm64, W=1 and sparse silent
	$(tied) scripts/check-series

letter: ## write the cover letter of SERIES=, and its patches numbered, to results/letter
	$(tied) scripts/letter

matrix: ## suites on every kernel and every Xen, and a page of what differs; PLAN=1: what it would take
	$(tied) scripts/matrix

stacks: ## the kernels and Xens that have names, for KERNEL= and XEN=
	$(tied) scripts/setup --stacks

kit: ## an archive to be run on a dom0 without compiler or network, for the Linux of KDIR=
	$(tied) scripts/kit

deb: ## Debian packages of the command and, for DKMS, of the module's source
	$(tied) scripts/deb

setup: ## install what is missing, fetch Xen and the kernel for the lab
	$(tied) scripts/setup

shell: ## an interactive shell in the lab's dom0
	$(tied) scripts/lab/lab shell

clean: ## remove everything that was fetched or built
	rm -rf build results/latest

.PHONY: help bench profile hyperfine test fuzz harden fresh host-test stacks matrix kernel-bugs regress reference calibrate kernel mutants xen justify check-series letter kit deb setup shell clean
