/**
 * For the tests of programs that use Loam: real stores that are thrown away, a clock that is set,
 * and a disk that fails when it is told to. Start at {@link dev.loam.testkit.TestStore}.
 */
@NullMarked
package dev.loam.testkit;

import org.jspecify.annotations.NullMarked;
