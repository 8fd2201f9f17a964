/**
 * Text embeddings in process: one model that comes as a jar, no network, nothing kept on the disk.
 */
@NullMarked
package dev.loam.embed;

import org.jspecify.annotations.NullMarked;
