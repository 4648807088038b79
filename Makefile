# SPDX-License-Identifier: GPL-2.0
#
#	make			the module for the running kernel, and rstctl
#	sudo make install	both, the man page and the completion
#	make demo		see what RSTs do, in a virtual machine
#	make check		every test
#	make docs		the documentation, as HTML
#	make help		the rest

KDIR ?= /lib/modules/$(shell uname -r)/build
PREFIX ?= /usr/local
DESTDIR ?=

BUILD := build
# Not include/config/kernel.release, which some distributions leave as it was
# before they named the package.
utsrelease = $(KDIR)/include/generated/utsrelease.h
release = $(shell sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' $(utsrelease) 2>/dev/null)
module_objects = $(BUILD)/$(release)
modules_dir = $(DESTDIR)/lib/modules/$(release)/extra

MODULE_SOURCES := Kbuild module/Kbuild $(wildcard module/uapi/*.h)
MODULE_SOURCES += $(filter-out %.mod.c,$(wildcard module/*.c module/*.h))

vm := selftests/vm
ksrc = $(shell $(vm)/source)

.PHONY: all
all: module userspace

.PHONY: help
help:
	@echo "make                  the module for the kernel of KDIR (the running one), and rstctl"
	@echo "make module KDIR=DIR  the module alone; W=1 and CC=... as in every kernel build"
	@echo "make userspace        rstctl alone"
	@echo "make install          install both, man page, completion; PREFIX, DESTDIR"
	@echo "make uninstall        and take them away again"
	@echo "make demo             seven stories of RSTs, with and without rules, in a virtual"
	@echo "                      machine; STORY=4: only that one"
	@echo "make check            every test, on one kernel, in virtual machines; set-up included"
	@echo "make check-install    do the tests run where they are installed, outside this tree?"
	@echo "make check-kernels    every test on every kernel: 6.1, 6.12, PREEMPT_RT, the newest"
	@echo "                      that is packaged, one that is big-endian; KERNELS=\"6.1 newest\""
	@echo "make check-load       the module is loaded, and network namespaces come and go, a"
	@echo "                      thousand times; ten thousand connections for ten minutes"
	@echo "make fuzz             rules, requests and packets by chance; TIME=SECONDS for each,"
	@echo "                      SEED=N: as before, FUZZERS=packets: only that one"
	@echo "make check-debug      the tests of the module in a kernel that finds bugs; the first"
	@echo "                      time it builds that kernel, which takes a quarter of an hour"
	@echo "make check-smp-debug  what races, on four processors, in such kernels"
	@echo "make check-mutants    is every deliberate bug of selftests/mutants/ found?"
	@echo "make mutants-table    list them anew, for the documentation"
	@echo "make refusals-table   the same for what is refused, by attribute"
	@echo "make bench            what rules cost, beside nft and others; are limits kept?"
	@echo "                      KERNEL=6.1: on that one"
	@echo "make bench-docs       the pages of the documentation about it anew"
	@echo "make vm               a shell in a virtual machine that has the module loaded"
	@echo "make docs             the documentation, in build/docs/index.html"
	@echo "make pictures         draw the stories in it anew, in a virtual machine"
	@echo "make style            checkpatch, sparse, clang, shellcheck, mandoc, kernel-doc"
	@echo "make analyze          clang analyzer, coccinelle"
	@echo "make ynl              regenerate the protocol's C files from its specification"
	@echo "make ynl-check        are they in step with it?"
	@echo "make clean            remove what was built"
	@echo
	@echo "demo, all of check, fuzz, bench, vm, docs, style and analyze install what is"
	@echo "missing on this machine, and say what and why. NO_INSTALL=1: only say it."

# Sources are copied for each kernel: kbuild leaves its objects beside them, and
# several kernels are built side by side.
.PHONY: module
module:
	@test -e $(utsrelease) || { \
		echo "no kernel headers in $(KDIR):" >&2; \
		echo "install linux-headers-$$(uname -r), or say KDIR=..." >&2; \
		exit 1; }
	@mkdir -p $(module_objects)
	@cp -pu --parents $(MODULE_SOURCES) $(module_objects)
	$(MAKE) -C $(KDIR) M=$(CURDIR)/$(module_objects) CONFIG_DEBUG_INFO_BTF_MODULES= modules
	@cp -u $(module_objects)/module/rstfault.ko $(module_objects)/rstfault.ko

.PHONY: userspace
userspace:
	$(MAKE) -C userspace O=$(CURDIR)/$(BUILD)/userspace

.PHONY: install
install:
	@test -e $(module_objects)/rstfault.ko -a -e $(BUILD)/userspace/rstctl || { \
		echo "run 'make' first" >&2; exit 1; }
	install -D -m 644 $(module_objects)/rstfault.ko $(modules_dir)/rstfault.ko
	$(if $(DESTDIR),,depmod $(release))
	$(MAKE) -C userspace O=$(CURDIR)/$(BUILD)/userspace install

.PHONY: uninstall
uninstall:
	rm -f $(modules_dir)/rstfault.ko
	$(if $(DESTDIR),,depmod $(release))
	$(MAKE) -C userspace O=$(CURDIR)/$(BUILD)/userspace uninstall

.PHONY: deps
deps:
	@$(vm)/deps

# What a virtual machine needs; KERNELDIR is what selftests/vm/kernel prints.
.PHONY: vm-build
vm-build: userspace
	$(MAKE) module KDIR=$(KERNELDIR)/build KCFLAGS=-Werror
	$(MAKE) selftests

.PHONY: bench
bench: deps
	@$(vm)/deps --bench
	@selftests/bench/run $(KERNEL)

# From what "make bench" has left.
performance = Documentation/performance
.PHONY: bench-docs
bench-docs:
	@mkdir -p $(performance)
	@$(BUILD)/bench/report -d $(BUILD)/bench.json $(performance)

# The same for measuring.
.PHONY: bench-build
bench-build: vm-build
	$(MAKE) -C selftests/bench KDIR=$(KERNELDIR)/build

.PHONY: selftests
selftests:
	$(MAKE) -C selftests KSRC=$(ksrc) all

.PHONY: vm
vm: deps
	@$(vm)/run

.PHONY: demo
demo: deps
	@$(vm)/run --warp -- $(BUILD)/selftests/demo $(STORY)

.PHONY: check
check: deps
	@selftests/check

.PHONY: check-install
check-install: deps
	@selftests/check-install

.PHONY: check-kernels
check-kernels: deps
	@selftests/check-kernels $(KERNELS)

.PHONY: check-smp-debug
check-smp-debug: deps
	@$(vm)/deps --debug
	@selftests/check-smp-debug $(KERNELS)

.PHONY: check-load
check-load: deps
	@selftests/check-load $(KERNELS)

# SEED=N repeats a run.
TIME ?= 60
.PHONY: fuzz
fuzz: deps
	@selftests/fuzz/run --time $(TIME) $(SEED:%=--seed %) \
		$(KERNEL:%=--kernel %) $(FUZZERS)

.PHONY: check-debug
check-debug: deps
	@$(vm)/deps --debug
	@selftests/check-debug

.PHONY: check-mutants
check-mutants: deps
	@$(vm)/deps --mutants
	@selftests/check-mutants

# What the documentation says of them.
.PHONY: mutants-table
mutants-table:
	@selftests/check-mutants --table >Documentation/mutants.txt

# What the documentation says of attributes that are wrong.
.PHONY: refusals-table
refusals-table: selftests
	@$(BUILD)/selftests/refusals_table >Documentation/refusals.txt

.PHONY: ynl
ynl:
	@Documentation/netlink/ynl-regen.sh $(ksrc)

.PHONY: ynl-check
ynl-check:
	@Documentation/netlink/ynl-regen.sh --check $(ksrc)

.PHONY: docs
docs:
	@$(vm)/deps --docs
	@$(MAKE) -s --no-print-directory docs-html
	@echo "$(BUILD)/docs/index.html"

.PHONY: docs-html
docs-html:
	@mkdir -p $(BUILD)
	@sphinx-build -q -W --keep-going -n -d $(BUILD)/doctrees Documentation $(BUILD)/docs
	@mandoc -T html -O style=_static/rstfault.css userspace/rstctl.8 >$(BUILD)/docs/rstctl.8.html

# Played on one kernel, as times of TCP differ between them.
pictures = Documentation/pictures
.PHONY: pictures
pictures: deps
	@mkdir -p $(BUILD) $(pictures)
	@$(vm)/run --kernel 6.12 --warp -- sh -c 'mkdir /tmp/pictures && \
		$(BUILD)/selftests/demo /tmp/pictures && \
		tar -c -C /tmp/pictures .' >$(BUILD)/pictures.tar
	@tar -x -m -C $(pictures) -f $(BUILD)/pictures.tar

.PHONY: style
style:
	@$(vm)/deps --style
	@selftests/style

.PHONY: analyze
analyze:
	@$(vm)/deps --analyze
	@selftests/analyze

.PHONY: clean
clean:
	rm -rf $(BUILD)
