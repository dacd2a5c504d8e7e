using System.CodeDom.Compiler;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;

namespace AEAnomaly.Architecture.Tests;

/// <summary>Rules over the types of the product's assemblies.</summary>
public sealed class TypeTests
{
    private const BindingFlags AllStatic = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly Assembly[] Assemblies = [.. Repository.Layers.Select(layer => Assembly.Load(layer.Assembly))];

    [Fact]
    public void Types_OfTheProduct_HaveNoMutableStaticFields()
    {
        var mutable = OwnTypes().SelectMany(MutableStatics).Select(field => $"{field.DeclaringType!.FullName}.{field.Name}");

        Findings.AssertNone(mutable);
    }

    [Fact]
    public void MutableStatics_OfATypeWithOne_FindsIt()
    {
        var found = MutableStatics(typeof(WithMutableState)).Select(field => field.Name);

        Assert.Equal([$"<{nameof(WithMutableState.Count)}>k__BackingField"], found);
    }

    [Fact]
    public void Interfaces_OfTheProduct_HaveTwoImplementationsOrCrossAProjectBorder()
    {
        var types = OwnTypes().Where(type => type.IsClass || type.IsValueType).ToArray();
        var idle = OwnTypes().Where(type => type.IsInterface).Where(contract =>
            types.Count(type => Implements(type, contract)) < 2 && !Assemblies.Any(assembly => assembly != contract.Assembly && Mentions(assembly, contract)));

        Findings.AssertNone(idle.Select(contract => contract.FullName!));
    }

    [Fact]
    public void Mentions_TypeOfAnotherAssembly_IsSeen()
    {
        Assert.True(Mentions(typeof(TypeTests).Assembly, typeof(FactAttribute)));
        Assert.False(Mentions(typeof(object).Assembly, typeof(FactAttribute)));
    }

    [Fact]
    public void PublicClasses_BelowTheHost_AreSealedUnlessTheyAreABase()
    {
        var types = OwnTypes().ToArray();
        var open = types.Where(type => type is { IsClass: true, IsVisible: true, IsSealed: false, IsAbstract: false } && !IsHost(type))
            .Where(type => !types.Any(other => other.BaseType == type));

        Findings.AssertNone(open.Select(type => type.FullName!));
    }

    private static IEnumerable<Type> OwnTypes() =>
        Assemblies.SelectMany(assembly => assembly.GetTypes()).Where(type => !IsGenerated(type));

    private static bool IsGenerated(Type type)
    {
        for (var current = type; current is not null; current = current.DeclaringType)
        {
            if (current.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
                || current.IsDefined(typeof(GeneratedCodeAttribute), inherit: false)
                || current.FullName!.StartsWith('<'))
            {
                return true;
            }
        }

        return false;
    }

    private static IEnumerable<FieldInfo> MutableStatics(Type type) =>
        type.GetFields(AllStatic).Where(field =>
            field is { IsInitOnly: false, IsLiteral: false }
            && !field.IsDefined(typeof(GeneratedCodeAttribute))
            && (!field.IsDefined(typeof(CompilerGeneratedAttribute)) || field.Name.EndsWith("k__BackingField", StringComparison.Ordinal)));

    private static bool IsHost(Type type) => type.Assembly.GetName().Name == Repository.Layers[^1].Assembly;

    private static bool Mentions(Assembly assembly, Type type)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        var metadata = file.GetMetadataReader();
        return metadata.TypeReferences.Select(metadata.GetTypeReference).Any(reference =>
            metadata.GetString(reference.Name) == type.Name && metadata.GetString(reference.Namespace) == type.Namespace);
    }

    private static bool Implements(Type type, Type contract) =>
        type.GetInterfaces().Any(candidate => (candidate.IsGenericType ? candidate.GetGenericTypeDefinition() : candidate) == contract);

    private static class WithMutableState
    {
        public static readonly int Limit = 1;

        public static int Count { get; set; } = Limit;
    }
}
