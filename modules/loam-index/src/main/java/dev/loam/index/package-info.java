/**
 * The view of a store: the state of each record, its text and its vectors, in one Lucene index with
 * a table of pending records over it. Holds nothing that the log could not give again: whatever
 * looks damaged or foreign is thrown away. No type of Lucene appears in a public signature.
 */
@NullMarked
package dev.loam.index;

import org.jspecify.annotations.NullMarked;
