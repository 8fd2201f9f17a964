package dev.loam.cli;

import dev.loam.Filter;
import dev.loam.Recall;
import dev.loam.json.LoamJson;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code loam recall}. */
@Command(
        name = "recall",
        description = {
            "Find memories by their words and by their meaning, best first.",
            "The query is words as one would write them; there is no query syntax."
        })
final class RecallCommand implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();
    @Mixin private final EmbeddingOptions embedding = new EmbeddingOptions();

    @Parameters(paramLabel = "QUERY", arity = "1..*", description = "What to look for.")
    private List<String> query = List.of();

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "10",
            description = "How many at most, 1 to 1000; default: ${DEFAULT-VALUE}.")
    private int limit;

    @Option(names = "--tag", paramLabel = "TAG", description = "Only with this tag; repeatable.")
    private List<String> tags = List.of();

    @Option(names = "--session", paramLabel = "NAME", description = "Only of this session.")
    private @Nullable String session;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description = "Only from then on: 2026-01-31 or 2026-01-31T12:00:00Z.")
    private @Nullable Instant from;

    @Option(
            names = "--to",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description = "Only before then.")
    private @Nullable Instant to;

    @Override
    public Integer call() {
        try (Model model = embedding.loadForQueries();
                OpenStore store = common.openExisting(model.options())) {
            Recall recall = store.vault().recall(String.join(" ", query), limit, filter());
            if (common.json()) {
                common.print(LoamJson.recall(recall));
            } else if (recall.hits().isEmpty()) {
                common.print("nothing found");
            } else {
                int columns = common.surroundings().columns();
                recall.hits().forEach(hit -> common.print(MemoryText.hit(hit, columns)));
            }
        }
        return ExitCode.OK.number();
    }

    private Filter filter() {
        Filter filter = Filter.all();
        for (String tag : tags) {
            filter = filter.tag(tag);
        }
        if (session != null) {
            filter = filter.session(session);
        }
        if (from != null) {
            filter = filter.from(from);
        }
        if (to != null) {
            filter = filter.to(to);
        }
        return filter;
    }
}
