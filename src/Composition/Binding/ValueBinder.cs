using Orchestrator.Abstractions;

namespace Orchestrator.Composition;

/// <summary>
/// Checks values against their declared types and ranges, fills in defaults, and gives the
/// canonical form: short forms as objects, numbers in their shortest form. What is wrong goes to
/// the mistakes, all of it.
/// </summary>
internal sealed class ValueBinder(PluginCatalog catalog, Mistakes mistakes)
{
    private readonly List<BoundSection> sections = [];
    private readonly List<TextNode> files = [];

    /// <summary>The plugin sections that have no mistake.</summary>
    public IReadOnlyList<BoundSection> Sections => sections;

    /// <summary>The bound values that name files.</summary>
    public IReadOnlyList<TextNode> Files => files;

    /// <summary>One key of the document.</summary>
    /// <param name="node">Its value; null where it is not given.</param>
    /// <param name="option">What it can hold.</param>
    /// <param name="owner">What a mistake points at where the key is missing.</param>
    /// <returns>Null where the key is left out, and where something is wrong.</returns>
    public Node? Key(Node? node, OptionDescription option, Node owner)
    {
        var holder = new ObjectNode(owner.Origin);
        if (node is null)
        {
            Default(holder, option, option.Name, holder);
        }
        else if (Value(node, option, option.Type, option.Name) is { } value)
        {
            Put(holder, option.Name, value, option);
        }

        return holder[option.Name];
    }

    /// <summary>Keys of the document that mean nothing.</summary>
    public void Unknown(ObjectNode document) => Unknown(document, [DocumentType.Root], "a pipeline", "", DocumentType.OtherKeys);

    /// <summary>An object at a path; null when something in it is wrong.</summary>
    public ObjectNode? Record(ObjectNode node, RecordType type, string path)
    {
        var isRight = Unknown(node, [type], path, path);
        var bound = new ObjectNode(node.Origin);
        return Options(node, type, path, bound) && isRight ? bound : null;
    }

    private Node? Value(Node node, OptionDescription option, OptionType type, string path) => (type, node) switch
    {
        (not AnyType, NullNode) when option.IsNullable => node,
        (BooleanType, BooleanNode) => node,
        (TextType, TextNode text) => Text(text, option),
        (AnyType, _) => node,
        (IntegerType integer, NumberNode number) => Integer(number, option, integer, path),
        (NumberType, NumberNode number) => Number(number, option, type, path),
        (ChoiceType choice, TextNode word) => Choice(word, choice, path),
        (ListType list, ArrayNode array) => List(array, option, list, path),
        (MapType map, ObjectNode value) => Map(value, option, map, path),
        (RecordType record, ObjectNode value) => Record(value, record, path),
        (RecordType { ListForm: { } form } record, ArrayNode) => Short(node, record, form, path),
        (RecordType { NumberForm: { } form } record, NumberNode) => Short(node, record, form, path),
        (VariantType variant, ObjectNode or TextNode) => Variant(Merge.AsSection(node)!, variant, path),
        (SectionType section, ObjectNode or TextNode) => Section(Merge.AsSection(node)!, section, path),
        _ => Wrong(node, path, $"{Mistakes.Quote(node)}{(node is ObjectNode or ArrayNode or NullNode ? "" : " is " + node.Noun)}; {Expected.Of(option, type)} is expected"),
    };

    private Node? Integer(NumberNode number, OptionDescription option, IntegerType type, string path)
    {
        if (!number.TryGetInteger(out var value))
        {
            return Wrong(number, path, $"{Mistakes.Quote(number)} is not a whole number of 64 bits; {Expected.Of(option, type)} is expected");
        }

        return value >= type.Minimum && value <= type.Maximum && option.Range?.Contains(value) != false
            ? new NumberNode(number.Origin, value)
            : Wrong(number, path, $"{Mistakes.Quote(number)} is out of range; {Expected.Of(option, type)} is expected");
    }

    private Node? Number(NumberNode number, OptionDescription option, OptionType type, string path)
    {
        var value = number.Value;
        return double.IsFinite(value) && option.Range?.Contains(value) != false
            ? new NumberNode(number.Origin, value)
            : Wrong(number, path, $"{Mistakes.Quote(number)} is out of range; {Expected.Of(option, type)} is expected");
    }

    private Node? Choice(TextNode word, ChoiceType choice, string path) => choice.Choices.Contains(word.Value)
        ? word
        : Wrong(word, path, $"{Mistakes.Quote(word)} is not a choice; {choice.Text} is expected{NearestMatch.Suffix(word.Value, choice.Choices)}");

    private ArrayNode? List(ArrayNode array, OptionDescription option, ListType list, string path)
    {
        var (elements, each) = (new List<Node>(array.Elements.Count), Expected.Element(option));
        for (var i = 0; i < array.Elements.Count; i++)
        {
            if (Value(array.Elements[i], each, list.Element, PathText.Element(path, i)) is { } element)
            {
                elements.Add(element);
            }
        }

        return elements.Count == array.Elements.Count ? new ArrayNode(array.Origin, elements) : null;
    }

    private TextNode Text(TextNode text, OptionDescription option)
    {
        if (option.NamesFile)
        {
            files.Add(text);
        }

        return text;
    }

    // A member that is null takes back what a base gave, except where null is a value.
    private ObjectNode? Map(ObjectNode node, OptionDescription option, MapType map, string path)
    {
        var (bound, each, before) = (new ObjectNode(node.Origin), Expected.Element(option), mistakes.Count);
        foreach (var (name, value) in node.Members)
        {
            if ((map.Element is AnyType || value is not NullNode) && Value(value, each, map.Element, PathText.Member(path, name)) is { } member)
            {
                bound[name] = member;
            }
        }

        return mistakes.Count == before ? bound : null;
    }

    // What is written in an object's place gives one of its options; messages keep the path that
    // was written.
    private ObjectNode? Short(Node node, RecordType record, OptionDescription form, string path)
    {
        var before = mistakes.Count;
        var bound = new ObjectNode(node.Origin);
        if (Value(node, form, form.Type, path) is { } value)
        {
            bound[form.Name] = value;
            foreach (var option in record.Options.Where(o => o.Name != form.Name))
            {
                Default(bound, option, PathText.Member(path, option.Name), bound);
            }
        }

        return mistakes.Count == before ? bound : null;
    }

    private ObjectNode? Variant(ObjectNode node, VariantType variant, string path)
    {
        var words = variant.Branches.Select(b => b.Word);
        if (TypeWord(node, words, "type", path) is not { } word)
        {
            return null;
        }

        var options = variant.Branches.First(b => b.Word == word.Value).Options;
        var isRight = Unknown(node, [options], $"type '{word.Value}'", path, Merge.TypeKey);
        var bound = new ObjectNode(node.Origin) { [Merge.TypeKey] = word };
        return Options(node, options, path, bound) && isRight ? bound : null;
    }

    private ObjectNode? Section(ObjectNode node, SectionType section, string path)
    {
        var before = mistakes.Count;
        var bound = new ObjectNode(node.Origin);
        if (TypeWord(node, catalog.Of(section.Kind).Select(p => p.Name), $"{section.Kind.Name} plugin", path, section.Kind) is { } word)
        {
            bound[Merge.TypeKey] = word;
            var plugin = catalog.Find(section.Kind, word.Value)!;
            Unknown(node, section.Common is { } shared ? [shared, plugin.Options] : [plugin.Options], plugin.Title, path, Merge.TypeKey);
            if (Options(node, plugin.Options, path, bound) && mistakes.Count == before)
            {
                sections.Add(new BoundSection(path, plugin, bound));
            }
        }

        if (section.Common is { } common)
        {
            Options(node, common, path, bound);
        }

        return mistakes.Count == before ? bound : null;
    }

    private TextNode? TypeWord(ObjectNode node, IEnumerable<string> words, string noun, string path, PluginKind? kind = null)
    {
        var at = PathText.Member(path, Merge.TypeKey);
        var list = words.ToList();
        var expected = list.Count == 0 ? $"no {noun} was found in the plugin folders" : "one of " + string.Join(", ", list) + " is expected";
        switch (node[Merge.TypeKey])
        {
            case null:
                return Wrong(node, at, $"is missing; {expected}") as TextNode;
            case TextNode word when list.Contains(word.Value):
                return word;
            case TextNode word:
                var problem = catalog.Problems.FirstOrDefault(p => p.Kind == kind && p.Name == word.Value);
                var cause = problem is null ? NearestMatch.Suffix(word.Value, list) : $"; a plugin of that name could not be used: {problem}";
                mistakes.Add(word.Origin, at, $"there is no {noun} {Mistakes.Quote(word)}; {expected}{cause}", kind is { } of && problem is null ? $"{of.Name} {Mistakes.Quote(word)}" : null);
                return null;
            case var other:
                return Wrong(other, at, $"{Mistakes.Quote(other)} is not a name; {expected}") as TextNode;
        }
    }

    private bool Options(ObjectNode node, RecordType type, string path, ObjectNode bound)
    {
        var before = mistakes.Count;
        foreach (var name in node.Members.Keys)
        {
            if (type.Find(name) is { } option && Value(node[name]!, option, option.Type, PathText.Member(path, name)) is { } value)
            {
                Put(bound, name, value, option);
            }
        }

        foreach (var option in type.Options.Where(o => node[o.Name] is null))
        {
            Default(node, option, PathText.Member(path, option.Name), bound);
        }

        return mistakes.Count == before;
    }

    private void Default(ObjectNode node, OptionDescription option, string path, ObjectNode bound)
    {
        if (option.IsRequired)
        {
            Wrong(node, path, $"is missing; {Expected.Of(option, option.Type)} is required");
        }
        else if (option.Default is { } value and not NullNode)
        {
            // Objects and lists bind their own defaults; a default plugin may be missing from the
            // folders.
            var filled = value is ObjectNode ? Value(value, option, option.Type, path) : value;
            if (filled is not null)
            {
                bound[option.Name] = filled;
            }
        }
    }

    /// <summary>
    /// An option that is null by default is left out when it is null, so that both ways of saying
    /// nothing are one.
    /// </summary>
    private static void Put(ObjectNode bound, string name, Node value, OptionDescription option)
    {
        if (value is not NullNode || option.Default is not (null or NullNode))
        {
            bound[name] = value;
        }
    }

    private bool Unknown(ObjectNode node, IReadOnlyList<RecordType> types, string owner, string path, params ReadOnlySpan<string> more)
    {
        List<string> names = [.. more, .. types.SelectMany(t => t.Options).Select(o => o.Name)];
        var isRight = true;
        foreach (var (name, value) in node.Members)
        {
            if (!names.Contains(name))
            {
                isRight = false;
                mistakes.Add(value.Origin, PathText.Member(path, name), () =>
                    $"{owner} has no option {Mistakes.Quote(name)}; it has {string.Join(", ", names)}{Meant.Suffix(name, types, names, isTop: path.Length == 0)}");
            }
        }

        return isRight;
    }

    private Node? Wrong(Node node, string path, string message)
    {
        mistakes.Add(node.Origin, path, message);
        return null;
    }
}

/// <summary>A plugin section without a mistake.</summary>
internal sealed record BoundSection(string Path, PluginDescription Plugin, ObjectNode Options);
