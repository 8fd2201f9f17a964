@NullMarked
package dev.loam.sync;

import org.jspecify.annotations.NullMarked;
