# SPDX-License-Identifier: GPL-2.0
# The front door. Each target calls a script of the same name where there is one.

# Passed through to the scripts, on the command line or from the environment:
#   LAB=1     the lab even in a real Xen dom0      TIER=exact|wall|host   SUITE=name   CASE=name
#   VCPUS=n   COLD=1 no snapshot                   XEN= KERNEL= KDIR=     BUILD=dir
#   MACHINE=pvh                                    for bench TIER=wall, see scripts/run
#   BASE=file ACROSS=parts BISECT=1 HISTORY=dir LETTER=file   for regress, see scripts/regress
#   FRESH="12:root 13:user"  MIRROR=                for fresh, see scripts/fresh
#   RUNS=n                                         for calibrate
#   SAMPLES=n XEN_SYMS=path/to/xen-syms            for profile
#   SERIES=name or LINUX=tree BASE=rev HEAD=rev    for kernel and justify, see scripts/kernel
#   XEN_TREE=tree or XEN_SUITE=name, BASE= HEAD=   for xen, see scripts/xen
#   S=seconds                                      for fuzz
#   PATCH=n SUITES= TIERS= ROUNDS=n BUGS=0         for justify, see scripts/justify
options := LAB TIER SUITE CASE VCPUS COLD MACHINE XEN KERNEL KDIR BUILD BASE ACROSS BISECT HISTORY RUNS \
	S SAMPLES XEN_SYMS XEN_TREE XEN_SUITE MIRROR SERIES LINUX HEAD PATCH SUITES TIERS ROUNDS BUGS LETTER \
	T TOOL DIFF FRESH JOBS VERSION KEEP
export $(filter-out T TOOL DIFF FRESH,$(options))

# Any other variable on the command line is a slip, which would be ignored in silence.
given := $(foreach v,$(.VARIABLES),$(if $(filter command,$(origin $(v))),$(v)))
unknown := $(filter-out $(options),$(given))
$(if $(unknown),$(error no such variable: $(unknown); there are: $(options)))

# A script ends with make, however make ends.
tied := @setpriv --pdeathsig TERM

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

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

fuzz: ## feed gntbench's parsers what libFuzzer makes up; S=seconds
	$(tied) scripts/fuzz $(T)

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

justify: ## what a kernel patch changes: base against patched, a table for the cover letter
	$(tied) scripts/justify

letter: ## write the cover letter of SERIES=, and its patches numbered, to results/letter
	$(tied) scripts/letter

stacks: ## the kernels and Xens that have names, for KERNEL= and XEN=
	$(tied) scripts/setup --stacks

setup: ## install what is missing, fetch Xen and the kernel for the lab
	$(tied) scripts/setup

shell: ## an interactive shell in the lab's dom0
	$(tied) scripts/lab/lab shell

clean: ## remove everything that was fetched or built
	rm -rf build results/latest

.PHONY: help bench profile hyperfine test fuzz fresh stacks kernel-bugs regress reference calibrate kernel mutants xen justify letter setup shell clean
