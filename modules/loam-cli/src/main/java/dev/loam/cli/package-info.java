/** The executable {@code loam}. */
@NullMarked
package dev.loam.cli;

import org.jspecify.annotations.NullMarked;
