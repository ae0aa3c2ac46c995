namespace Orchestrator.Composition;

/// <summary>
/// How a <c>--set PATH=VALUE</c> can go on, for whoever is typing one: the options of the plugins
/// that a pipeline has, and the words that an option can hold.
/// </summary>
public static class PathSuggestions
{
    private static readonly string[] Truths = ["true", "false"];

    /// <summary>
    /// What has been typed with each possible next part. A path that goes on ends with a point, one
    /// that is whole with an equals sign. Never throws for what the arguments hold.
    /// </summary>
    /// <param name="typed">As far as it has been typed.</param>
    /// <param name="catalog">The plugins.</param>
    /// <param name="file">The pipeline's file; null or broken, and any plugin may be meant.</param>
    /// <param name="sets">What stands in other <c>--set</c>.</param>
    public static IEnumerable<string> Of(string typed, PluginCatalog catalog, string? file, IEnumerable<string> sets)
    {
        var mistakes = new Mistakes();
        var document = file is null ? null : new DocumentSource(mistakes).Load(file);
        document ??= new ObjectNode(new Origin(""));
        foreach (var set in sets.Where(set => set != typed))
        {
            SetArgument.Apply(document, set, mistakes);
        }

        var start = new Place(catalog, [.. DocumentType.Root.Options, Telemetry], document);
        if (typed.IndexOf('=') is >= 0 and var equals)
        {
            return start.At(typed[..equals])?.Values.Select(value => $"{typed[..equals]}={value}") ?? [];
        }

        var parent = typed[..Math.Max(0, typed.LastIndexOf('.'))];
        return start.At(parent)?.Names.Select(name => PathText.Member(parent, name)) ?? [];
    }

    // It is no part of a run, and so none of the document's type.
    private static OptionDescription Telemetry => new()
    {
        Name = DocumentType.TelemetryKey,
        Description = "",
        Type = DocumentType.Telemetry,
        Range = null,
        IsRequired = false,
        IsNullable = true,
    };

    /// <summary>A value of the document, or of one that it could have.</summary>
    private sealed class Place(PluginCatalog catalog, IReadOnlyList<OptionDescription> options, Node? node)
    {
        private readonly OptionType? type;

        private Place(PluginCatalog catalog, OptionType type, Node? node) : this(catalog, OptionsOf(catalog, type, node), node) => this.type = type;

        /// <summary>What goes on below here.</summary>
        public IEnumerable<string> Names => options.SelectMany(Ends).Concat(Words.Any() ? [Merge.TypeKey + "="] : []).Distinct();

        /// <summary>What can be written here.</summary>
        public IEnumerable<string> Values => type switch
        {
            BooleanType => Truths,
            ChoiceType choice => choice.Choices,
            _ => Words,
        };

        private IEnumerable<string> Words => type switch
        {
            SectionType section => catalog.Of(section.Kind).Select(plugin => plugin.Name),
            VariantType variant => variant.Branches.Select(branch => branch.Word),
            _ => [],
        };

        /// <summary>The place at a path below; null where there can be none.</summary>
        public Place? At(string path)
        {
            var place = this;
            foreach (var step in path.Length == 0 ? [] : PathText.Split(path) ?? [""])
            {
                place = place?.Below(step);
            }

            return place;
        }

        private Place? Below(string step)
        {
            if (type is ListType list)
            {
                return step.Length > 0 && step.All(char.IsAsciiDigit) ? new Place(catalog, list.Element, PathText.Find(node, [step])) : null;
            }

            if (step == Merge.TypeKey && Words.Any())
            {
                return new Place(catalog, new ChoiceType([.. Words], []), node: null);
            }

            return options.FirstOrDefault(option => option.Name == step) is { } found ? new Place(catalog, found.Type, PathText.Find(node, [step])) : null;
        }

        private static IEnumerable<string> Ends(OptionDescription option) => option.Type switch
        {
            SectionType or VariantType => [option.Name + "=", option.Name + "."],
            RecordType { ListForm: null, NumberForm: null } => [option.Name + "."],
            RecordType => [option.Name + "=", option.Name + "."],
            ListType => [option.Name + "=", option.Name + "[0]."],
            _ => [option.Name + "="],
        };

        private static IReadOnlyList<OptionDescription> OptionsOf(PluginCatalog catalog, OptionType type, Node? node) => type switch
        {
            RecordType record => record.Options,
            SectionType section => [.. catalog.Of(section.Kind).Where(plugin => IsMeant(plugin.Name, node)).SelectMany(plugin => plugin.Options.Options), .. section.Common?.Options ?? []],
            VariantType variant => [.. variant.Branches.Where(branch => IsMeant(branch.Word, node)).SelectMany(branch => branch.Options.Options)],
            _ => [],
        };

        private static bool IsMeant(string word, Node? node) => Merge.AsSection(node)?[Merge.TypeKey] is not TextNode type || type.Value == word;
    }
}
