using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace Orchestrator.Composition;

/// <summary>
/// Makes objects of bound values; the types agree because both were read from the same assembly.
/// </summary>
/// <param name="catalog">Where sections find their plugins; plugins' own options have no
/// sections.</param>
internal sealed class Materializer(PluginCatalog? catalog = null)
{
    private static readonly Dictionary<string, Type> ResolvedParameters = typeof(ResolvedPipeline).GetConstructors()[0].GetParameters()
        .ToDictionary(parameter => JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!), parameter => parameter.ParameterType);

    /// <summary>
    /// The value of one of the document's keys, as <see cref="ResolvedPipeline"/> holds it.
    /// </summary>
    public object? Key(OptionDescription option, Node value) => Value(option.Type, value, ResolvedParameters[option.Name], option.Name);

    /// <summary>An options record.</summary>
    public object Record(RecordType type, ObjectNode node, Type clrType, string path = "") => Construct(type, node, clrType, path, []);

    private object Construct(RecordType type, ObjectNode node, Type clrType, string path, object[] first)
    {
        var constructor = clrType.GetConstructors()[0];
        var parameters = constructor.GetParameters();
        var arguments = new object?[parameters.Length];
        first.CopyTo(arguments, 0);
        for (var i = 0; i < type.Options.Count; i++)
        {
            var (option, parameter) = (type.Options[i], parameters[first.Length + i]);
            arguments[first.Length + i] = Value(option.Type, node[option.Name], parameter.ParameterType, PathText.Member(path, option.Name));
        }

        return constructor.Invoke(BindingFlags.DoNotWrapExceptions, binder: null, arguments, CultureInfo.InvariantCulture);
    }

    private object? Value(OptionType type, Node? node, Type clrType, string path)
    {
        var target = Nullable.GetUnderlyingType(clrType) ?? clrType;
        return (type, node) switch
        {
            (_, null) or (not AnyType, NullNode) => null,
            (BooleanType, BooleanNode boolean) => boolean.Value,
            (TextType, TextNode text) => text.Value,
            (IntegerType, NumberNode number) when number.TryGetInteger(out var value) => target == typeof(int) ? (object)(int)value : value,
            (NumberType, NumberNode number) => number.Value,
            (ChoiceType choice, TextNode word) => Enum.ToObject(target, choice.Values[choice.Choices.ToList().IndexOf(word.Value)]),
            (ListType list, ArrayNode array) => List(list, array, target.GetGenericArguments()[0], path),
            (MapType map, ObjectNode value) => Map(map, value, target.GetGenericArguments()[1], path),
            (AnyType, _) => new PipelineValue(node),
            (RecordType record, ObjectNode value) => Record(record, value, target, path),
            (VariantType variant, ObjectNode value) => Variant(variant, value, target, path),
            (SectionType section, ObjectNode value) => Section(section, value, target, path),
            _ => throw new InvalidOperationException($"{path}: {node.Noun} was bound to {type.Text}."),
        };
    }

    private Array List(ListType list, ArrayNode array, Type element, string path)
    {
        var values = Array.CreateInstance(element, array.Elements.Count);
        for (var i = 0; i < values.Length; i++)
        {
            values.SetValue(Value(list.Element, array.Elements[i], element, PathText.Element(path, i)), i);
        }

        return values;
    }

    private object Map(MapType map, ObjectNode node, Type element, string path)
    {
        var values = (System.Collections.IDictionary)Activator.CreateInstance(typeof(OrderedDictionary<,>).MakeGenericType(typeof(string), element))!;
        foreach (var (name, value) in node.Members)
        {
            values.Add(name, Value(map.Element, value, element, PathText.Member(path, name)));
        }

        return values;
    }

    private object Variant(VariantType variant, ObjectNode node, Type baseType, string path)
    {
        var branch = variant.Branches.First(b => b.Word == ((TextNode)node[Merge.TypeKey]!).Value);
        return Record(branch.Options, node, baseType.Assembly.GetType(branch.ClassName, throwOnError: true)!, path);
    }

    private object Section(SectionType section, ObjectNode node, Type target, string path)
    {
        var plugin = catalog!.Find(section.Kind, ((TextNode)node[Merge.TypeKey]!).Value)!;
        var instance = new PluginSection(plugin, catalog.Loader, node, path);
        return section.Common is null ? instance : Construct(section.Common, node, target, path, [instance]);
    }
}
