/**
 * JSON for Loam: the stable names under which public records are printed, and the readers of the
 * formats that can be imported. Knows neither disk nor network.
 */
@NullMarked
package dev.loam.json;

import org.jspecify.annotations.NullMarked;
