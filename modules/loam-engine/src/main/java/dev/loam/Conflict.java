package dev.loam;

import dev.loam.core.Value;
import java.util.List;

/**
 * A field that devices changed without knowing of each other. An ordinary {@link Vault#update} of
 * the field settles it.
 *
 * @param values at least two: the one that reads return, then the others in the order in which they
 *     would be
 */
public record Conflict(String key, String field, List<Value> values) {
    public Conflict {
        values = List.copyOf(values);
    }
}
