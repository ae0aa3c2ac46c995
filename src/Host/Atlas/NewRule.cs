using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.Sweeps;

namespace Orchestrator.Host;

/// <summary>A rule that is put to the field.</summary>
/// <param name="Name">The plugin's.</param>
/// <param name="Kind">An optimizer or a correction.</param>
/// <param name="Section">The plugin with its options, as a pipeline has it.</param>
/// <param name="TakesParameters">Whether workers push parameters to it, as to <c>easgd</c>.</param>
internal sealed record NewRule(string Name, PluginKind Kind, JsonObject Section, bool TakesParameters = false)
{
    public const string Option = "--with";

    // Behind a message that is about some cells of many.
    private const string InCells = " (in ";

    private static readonly JsonSerializerOptions AsWritten = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly PluginKind[] Kinds = [PluginKind.Optimizer, PluginKind.Correction];

    /// <summary>
    /// The variant that stands for it: an optimizer takes the place of the pipeline's, which leaves
    /// learning rate and the like, and one that takes parameters brings the worker rule that pushes
    /// them; a correction is laid before it.
    /// </summary>
    public JsonObject Variant
    {
        get
        {
            if (Kind == PluginKind.Correction)
            {
                return new JsonObject { ["optimizer.corrections"] = new JsonArray(Section.DeepClone()) };
            }

            var variant = new JsonObject { ["optimizer"] = Section.DeepClone() };
            if (TakesParameters)
            {
                variant["workers.rule"] = new JsonObject { ["type"] = "local-steps", ["push"] = "parameters" };
            }

            return variant;
        }
    }

    /// <summary>
    /// What it is called among the variants: its name with its options, then those of corrections
    /// that it brings.
    /// </summary>
    public string Label { get; private init; } = string.Join(" + ", CorrectionsOf(Section).Prepend(Name + OptionsOf(Section)));

    /// <summary>It with a name that no other variant has.</summary>
    /// <param name="axes">Of the atlas.</param>
    /// <param name="axis">The one that rules are variants of.</param>
    /// <exception cref="UserException">It sets what the atlas varies.</exception>
    public NewRule In(IReadOnlyDictionary<string, AxisSettings> axes, string axis)
    {
        const string Optimizer = "optimizer.";
        var paths = axes.Keys.SelectMany(name => name.Split(',', StringSplitOptions.TrimEntries)).ToHashSet();
        if (Kind == PluginKind.Optimizer && Section.Select(option => option.Key).FirstOrDefault(option => paths.Contains(Optimizer + option)) is { } varied)
        {
            throw new UserException($"{Option}: {varied}: every rule of this atlas is run with each value of its axis {Optimizer}{varied}, so none can be set here; '--axis {Optimizer}{varied}=...' gives it other values.");
        }

        return axes[axis].Variants!.Keys.Contains(Label, StringComparer.OrdinalIgnoreCase) ? this with { Label = Label + " (yours)" } : this;
    }

    /// <summary>
    /// The plan with it, whose mistakes are its own unless they are there without it too.
    /// </summary>
    /// <param name="planned">The plan with it.</param>
    /// <param name="without">Mistakes of the one without it.</param>
    public SweepPlanResult Blamed(SweepPlanResult planned, IReadOnlyList<Mistake> without)
    {
        var others = without.Select(Key).ToHashSet();
        return planned with { Mistakes = [.. planned.Mistakes.Select(mistake => others.Contains(Key(mistake)) ? mistake : mistake with { Where = Option, Message = Said(mistake.Message) })] };

        static string Said(string message) => message.Split(SweepPlanner.WithoutEffect) is [var same, _]
            ? $"{same}: the rule is in the field already, with these options; give it others, or leave {Option} out"
            : message;
        static (string, string) Key(Mistake mistake) => (mistake.Path, mistake.Message.Split(InCells)[0]);
    }

    /// <summary>Reads what the user typed: a name, or an object with a type and options.</summary>
    /// <exception cref="UserException">There is no such rule.</exception>
    public static NewRule Find(PluginCatalog catalog, string text)
    {
        var section = Parse(text.Trim());
        var said = section["type"]!.GetValue<string>();
        List<PluginKind> named = [.. Kinds.Where(kind => said.StartsWith(kind.Name + ":", StringComparison.Ordinal))];
        var name = named is [var only] ? said[(only.Name.Length + 1)..] : said;
        section["type"] = name;
        var found = Kinds.Where(kind => named.Count == 0 || named.Contains(kind)).Select(kind => catalog.Find(kind, name)).OfType<PluginDescription>().ToList();
        if (found.Count > 1)
        {
            throw new UserException($"{Option}: '{name}' is an optimizer and a correction; say which: {string.Join(" or ", Kinds.Select(kind => $"{kind.Name}:{name}"))}.");
        }

        if (found is [var rule])
        {
            return new(name, rule.Kind, section, rule.Kind == PluginKind.Optimizer && TakesParametersOf(catalog, rule));
        }

        if (catalog.Problems.FirstOrDefault(problem => problem.Name == name) is { } problem)
        {
            throw new UserException($"{Option}: '{name}' cannot be used: {problem.Cause}.");
        }

        IReadOnlyList<PluginKind> kinds = named.Count > 0 ? named : Kinds;
        var other = catalog.Plugins.FirstOrDefault(plugin => plugin.Name == name && !kinds.Contains(plugin.Kind));
        var names = kinds.SelectMany(catalog.Of).Select(plugin => plugin.Name).ToList();
        throw new UserException(other is not null
            ? Kinds.Contains(other.Kind) ? $"{Option}: {other.Title} is no {kinds[0].Name}; '{other.Kind.Name}:{name}' puts it."
            : $"{Option}: {other.Title} is no rule of the server; an optimizer or a correction is expected."
            : $"{Option}: there is no {string.Join(" and no ", kinds.Select(kind => kind.Name))} '{name}'; a plugin of yours is found in --plugins DIR{NearestMatch.Suffix(name, names)}");
    }

    private static bool TakesParametersOf(PluginCatalog catalog, PluginDescription optimizer)
    {
        try
        {
            return catalog.Create<IOptimizer>(optimizer).Accepts == Payload.Parameters;
        }
        catch (Exception failure) when (failure is PluginException or OptionException)
        {
            // The plan says what is wrong with it, and where.
            return false;
        }
    }

    private static IEnumerable<string> CorrectionsOf(JsonObject section) => section["corrections"] is not JsonArray corrections ? [] :
        corrections.Select(correction => (Type: correction is JsonObject options ? options["type"] : correction, Options: correction is JsonObject given ? OptionsOf(given) : ""))
            .Where(correction => correction.Type?.GetValueKind() == JsonValueKind.String).Select(correction => correction.Type!.GetValue<string>() + correction.Options);

    // No comma, at which --where parts values; nothing that ends a quoted step of a path, or a line.
    private static string OptionsOf(JsonObject section) => string.Concat(section.Where(option => option.Key is not ("type" or "corrections"))
        .SelectMany(option => $" {option.Key}={(option.Value is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : option.Value?.ToJsonString(AsWritten) ?? "null")}")
        .Where(letter => letter != '"').Select(letter => letter == ',' || char.IsControl(letter) ? ' ' : letter));

    private static JsonObject Parse(string text)
    {
        if (!text.StartsWith('{'))
        {
            return new JsonObject { ["type"] = text };
        }

        try
        {
            if (JsonNode.Parse(text, documentOptions: new() { AllowDuplicateProperties = false }) is JsonObject section && section["type"] is JsonValue type && type.GetValueKind() == JsonValueKind.String)
            {
                return section;
            }
        }
        catch (JsonException)
        {
        }

        throw new UserException($"{Option}: '{text}' is not allowed; a rule's name is, or an object with its type and options, such as {{\"type\": \"lwp\", \"momentum\": 0.5}}.");
    }
}
