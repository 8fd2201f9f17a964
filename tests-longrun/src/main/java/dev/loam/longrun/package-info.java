/** What takes longer than a unit test, on real processes and real files: kills and benchmarks. */
@NullMarked
package dev.loam.longrun;

import org.jspecify.annotations.NullMarked;
