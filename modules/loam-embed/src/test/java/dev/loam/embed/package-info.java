@NullMarked
package dev.loam.embed;

import org.jspecify.annotations.NullMarked;
