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
internal sealed record NewRule(string Name, PluginKind Kind, JsonObject Section)
{
    public const string Option = "--with";

    // Behind a message that is about some cells of many.
    private const string InCells = " (in ";

    private static readonly PluginKind[] Kinds = [PluginKind.Optimizer, PluginKind.Correction];

    /// <summary>
    /// The variant that stands for it: an optimizer takes the place of the pipeline's, which leaves
    /// learning rate and the like; a correction is laid before it.
    /// </summary>
    public JsonObject Variant => Kind == PluginKind.Optimizer
        ? new JsonObject { ["optimizer"] = Section.DeepClone() }
        : new JsonObject { ["optimizer.corrections"] = new JsonArray(Section.DeepClone()) };

    /// <summary>What it is called among the variants.</summary>
    public string Label { get; private init; } = Name;

    /// <summary>It with a name that no other variant has.</summary>
    /// <param name="axes">Of the atlas.</param>
    /// <param name="axis">The one that rules are variants of.</param>
    /// <exception cref="UserException">It sets what the atlas varies, or cannot be added to it.</exception>
    public NewRule In(IReadOnlyDictionary<string, AxisSettings> axes, string axis)
    {
        const string Optimizer = "optimizer.";
        if (Kind == PluginKind.Optimizer && Section.Select(option => option.Key).FirstOrDefault(option => axes.ContainsKey(Optimizer + option)) is { } varied)
        {
            throw new UserException($"{Option}: {varied}: every rule of this atlas is run with each value of its axis {Optimizer}{varied}, so none can be set here; '--axis {Optimizer}{varied}=...' gives it other values.");
        }

        if (axis.Contains('.', StringComparison.Ordinal))
        {
            throw new UserException($"{Option}: the axis '{axis}' has a dot in its name, so no variant can be added to it from here; give it another name.");
        }

        return axes[axis].Variants!.ContainsKey(Name) ? this with { Label = Name + " (yours)" } : this;
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
        var section = Parse(text);
        var name = section["type"]!.GetValue<string>();
        if (Kinds.Select(kind => catalog.Find(kind, name)).OfType<PluginDescription>().FirstOrDefault() is { } found)
        {
            return new(name, found.Kind, section);
        }

        if (catalog.Problems.FirstOrDefault(problem => problem.Name == name) is { } problem)
        {
            throw new UserException($"{Option}: '{name}' cannot be used: {problem.Cause}.");
        }

        var other = catalog.Plugins.FirstOrDefault(plugin => plugin.Name == name);
        var names = Kinds.SelectMany(catalog.Of).Select(plugin => plugin.Name).ToList();
        throw new UserException(other is not null
            ? $"{Option}: {other.Title} is no rule of the server; an optimizer or a correction is expected."
            : $"{Option}: there is no optimizer and no correction '{name}'; a plugin of yours is found in --plugins DIR{NearestMatch.Suffix(name, names)}");
    }

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
