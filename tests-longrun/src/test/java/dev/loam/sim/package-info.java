/**
 * Whole devices in one thread, on virtual time and under one seed: the real engine over a simulated
 * network, clock and disk. {@link dev.loam.sim.World} lives through a {@link
 * dev.loam.sim.Schedule}; {@link dev.loam.sim.Model} knows what every device must hold; {@link
 * dev.loam.sim.Simulator} runs seeds and shrinks what fails.
 */
@NullMarked
package dev.loam.sim;

import org.jspecify.annotations.NullMarked;
