package dev.loam.json;

import dev.loam.Memory;

/**
 * A turn of a LoCoMo conversation.
 *
 * @param id as the file has it, such as {@code D1:3}
 * @param session such as {@code session_01}
 * @param memory under the id with its numbers padded, {@code D01:003}, so that the order of keys is
 *     the order of turns
 */
public record LocomoTurn(String id, String session, Memory memory) {}
