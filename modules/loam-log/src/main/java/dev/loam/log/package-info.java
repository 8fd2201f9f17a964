/**
 * The ground state of a store: payloads at contiguous positions, in segments that are written once.
 * What {@code append} returned for survives the process and the machine; damage is named and never
 * returned as data. Nothing here knows what a payload means.
 */
@NullMarked
package dev.loam.log;

import org.jspecify.annotations.NullMarked;
