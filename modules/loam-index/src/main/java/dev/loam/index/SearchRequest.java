package dev.loam.index;

import dev.loam.core.VaultId;
import java.util.Optional;

/**
 * One search.
 *
 * @param query text; analysed, never parsed
 * @param vector for the dense list; without one that list is empty
 * @param listLimit of each list, at least 1
 */
public record SearchRequest(
        VaultId vault,
        String query,
        Optional<QueryVector> vector,
        SearchFilter filter,
        int listLimit) {}
