package dev.loam.core;

import java.util.List;

/**
 * The operations of a batch on one record, in their order.
 *
 * @param key of the record; empty for the part of control operations
 */
public record Part(String key, List<Operation> operations) {
    public Part {
        operations = List.copyOf(operations);
        boolean control = key.isEmpty();
        if (!control) {
            Limits.checkKey(key);
        }
        Invariant.check(!operations.isEmpty(), "a part without operations");
        for (Operation operation : operations) {
            Invariant.check(
                    operation instanceof Operation.Control == control,
                    "control and record operations in one part");
        }
    }

    public boolean isControl() {
        return key.isEmpty();
    }
}
