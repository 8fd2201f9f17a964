/** Finds inputs that a parser does not answer as it must, led by what of it an input reaches. */
@NullMarked
package dev.loam.fuzz;

import org.jspecify.annotations.NullMarked;
