// The heap of a short-lived process: what Swift's C library module does not offer.
#ifndef CHEAP_H
#define CHEAP_H

/// Maps the first half mebibyte of the heap in one call. A first touch of each page costs the kernel a fault, and a
/// command touches a hundred of them. Nothing else changes, whatever the kernel says.
void social_heap_warm(void);

#endif
