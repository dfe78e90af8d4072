# The C library; included by the Makefile of the project, whose folder is the working folder.

PREFIX ?= /usr/local
DESTDIR ?=
HS_TARGET ?= $(or $(CARGO_TARGET_DIR),target)
HS_VERSION = $(shell sed -n '/^\[workspace.package\]/,/^version/s/^version *= *"\(.*\)"/\1/p' Cargo.toml)

.PHONY: capi-build capi-test capi-header install-capi uninstall-capi

capi-build: ## build the C library, shared and static
	cargo build --release --locked -p hs-ffi

capi-header: ## write hs-ffi/include/hs.h anew from the sources
	HS_WRITE_HEADER=1 cargo test --locked -q -p hs-ffi --test header

capi-test: ## test the C library from C and C++, also under valgrind where present
	cargo test --locked -p hs-arrow -p hs-ffi -- --show-output

install-capi: capi-build ## install hs.h, hs.hpp, libhs and hs.pc under PREFIX (and DESTDIR)
	install -d "$(DESTDIR)$(PREFIX)/include" "$(DESTDIR)$(PREFIX)/lib/pkgconfig"
	install -m 644 hs-ffi/include/hs.h hs-ffi/include/hs.hpp "$(DESTDIR)$(PREFIX)/include/"
	install -m 755 "$(HS_TARGET)/release/libhs.so" "$(DESTDIR)$(PREFIX)/lib/libhs.so.$(HS_VERSION)"
	ln -sf "libhs.so.$(HS_VERSION)" "$(DESTDIR)$(PREFIX)/lib/libhs.so.0"
	ln -sf libhs.so.0 "$(DESTDIR)$(PREFIX)/lib/libhs.so"
	install -m 644 "$(HS_TARGET)/release/libhs.a" "$(DESTDIR)$(PREFIX)/lib/libhs.a"
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@VERSION@|$(HS_VERSION)|' hs-ffi/hs.pc.in > "$(DESTDIR)$(PREFIX)/lib/pkgconfig/hs.pc"

uninstall-capi: ## remove what install-capi put under PREFIX
	cd "$(DESTDIR)$(PREFIX)" && rm -f include/hs.h include/hs.hpp lib/libhs.so.$(HS_VERSION) lib/libhs.so.0 lib/libhs.so lib/libhs.a lib/pkgconfig/hs.pc
