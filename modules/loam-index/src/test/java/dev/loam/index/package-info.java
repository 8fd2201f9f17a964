@NullMarked
package dev.loam.index;

import org.jspecify.annotations.NullMarked;
