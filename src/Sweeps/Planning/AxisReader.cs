using Orchestrator.Composition;

namespace Orchestrator.Sweeps;

/// <summary>Makes axes of what a pipeline says of them.</summary>
internal sealed class AxisReader(SweepSettings sweep, SweepMistakes mistakes)
{
    private const string Section = "sweep.axes";

    // Keys that name a run, or that its runs differ by within a cell.
    private static readonly Dictionary<string, string> NotVaried = new()
    {
        ["seed"] = "seeds are given by sweep.seeds: all cells have the same ones, so that they can be compared",
        ["streams"] = "seeds of single streams are given by sweep.factors",
        ["name"] = "all runs of a sweep have one name",
    };

    public IReadOnlyList<Axis> Read() => [.. sweep.Axes.Select(axis => Read(axis.Key, axis.Value))];

    private Axis Read(string name, AxisSettings settings)
    {
        var path = $"{Section}.{name}";
        var forms = new[] { settings.Values is not null, settings.Variants is not null, settings.From is not null || settings.To is not null || settings.Scale is not null };
        if (forms.Count(given => given) != 1)
        {
            mistakes.Add(sweep.Origin, path, "a list of values, an object with 'variants', or a range with 'from' and 'to' is expected, and one of them");
            return new Axis(name, []);
        }

        var axis = settings switch
        {
            { Values: { } values } => new Axis(name, Values(name, path, values)),
            { Variants: { } variants } => new Axis(name, [.. variants.Select(variant => Variant(path, variant.Key, variant.Value))], HasVariants: true),
            _ => new Axis(name, [], Range(name, path, settings)),
        };
        if (axis is { Values.Count: 0, Range: null } && (settings.Values ?? []).Count == 0 && (settings.Variants ?? new Dictionary<string, PipelineValue>()).Count == 0 && !forms[2])
        {
            mistakes.Add(sweep.Origin, path, "has no value; at least one is expected");
        }

        foreach (var twice in axis.Values.Where(value => value.Json.Length > 0).GroupBy(value => value.Json).Where(group => group.Count() > 1))
        {
            mistakes.Add(OriginOf(settings, sweep.Origin), path, $"has the value {twice.First().Text} more than once");
        }

        return axis;
    }

    private List<AxisValue> Values(string name, string path, IReadOnlyList<PipelineValue> values)
    {
        var paths = name.Split(',', StringSplitOptions.TrimEntries);
        var made = new List<AxisValue>();
        foreach (var value in values)
        {
            var each = paths.Length == 1 ? [value] : value.Elements;
            if (each?.Count != paths.Length)
            {
                mistakes.Add(value.Origin, path, $"{value.Json} is not one value for each of its {paths.Length} paths; a list with {paths.Length} values is expected");
                continue;
            }

            var overrides = paths.Zip(each).Select(pair => Make(path, pair.First, pair.Second, merges: false)).ToList();
            made.Add(new AxisValue(string.Join(' ', each.Select(part => part.Text)), [.. overrides.OfType<Override>()], value.Json));
        }

        return made;
    }

    private AxisValue Variant(string path, string name, PipelineValue value)
    {
        if (value.Members is not { } members)
        {
            mistakes.Add(value.Origin, $"{path}.variants.{name}", $"{value.Json} is no set of values; an object is expected, whose keys are paths of the pipeline");
            members = [];
        }

        var overrides = members.Select(member => Make($"{path}.variants.{name}", member.Key, member.Value, merges: true));
        return new AxisValue(name, [.. overrides.OfType<Override>()], PipelineValue.Parse($"\"{name}\"", path).Json);
    }

    private Override? Make(string path, string where, PipelineValue value, bool merges)
    {
        var made = Override.Of(where, value, merges, out var cause);
        if (made is not null && NotVaried.TryGetValue(where.Split('.', '[')[0], out cause))
        {
            made = null;
        }

        if (made is null)
        {
            mistakes.Add(value.Origin, path, cause!);
        }

        return made;
    }

    private AxisRange? Range(string name, string path, AxisSettings settings)
    {
        var scale = settings.Scale ?? AxisScale.Linear;
        var cause = (settings.From, settings.To) switch
        {
            (null, _) or (_, null) => "a range has both 'from' and 'to'",
            var (from, to) when !(from < to) => $"from {settings.From} to {settings.To} is no range; 'to' is above 'from'",
            var (from, _) when scale == AxisScale.Log && from <= 0 => $"{settings.From} has no logarithm; a logarithmic range begins above 0",
            _ when sweep.Search is not (RandomSearch or SuccessiveHalving { Samples: not null }) =>
                "a range is drawn from by a random search only: \"search\": { \"type\": \"random\", \"samples\": 20 }, or successive-halving with samples",
            _ => null,
        };
        var probe = cause is null ? Make(path, name, PipelineValue.Parse("0", path), merges: false) : null;
        if (cause is not null)
        {
            mistakes.Add(sweep.Origin, path, cause);
        }

        return probe is null ? null : new AxisRange(name, settings.From!.Value, settings.To!.Value, scale);
    }

    private static Origin OriginOf(AxisSettings settings, Origin otherwise) => settings.Values is [var first, ..] ? first.Origin : otherwise;
}
