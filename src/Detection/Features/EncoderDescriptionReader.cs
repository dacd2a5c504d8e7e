using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.Features;

/// <summary>Rebuilds an encoder from its description, or says what in it is damaged.</summary>
internal static class EncoderDescriptionReader
{
    public static FeatureEncoder Read(FeatureSpec spec, EncoderDescription description)
    {
        if (!string.Equals(description.SpecHash, spec.Hash, StringComparison.Ordinal))
        {
            throw new ArgumentException(
                $"The encoder was fitted for fields with hash {description.SpecHash}, but the declared ones have {spec.Hash}.", nameof(description));
        }

        var features = spec.FeatureFields;
        if (description.Fields is null || description.Fields.Count != features.Count)
        {
            throw new ArgumentException(
                $"The encoder description is damaged: it holds {description.Fields?.Count ?? 0} fields, the spec has {features.Count} feature fields.", nameof(description));
        }

        var fields = new FittedField[features.Count];
        for (var i = 0; i < fields.Length; i++)
        {
            var field = spec.Fields[features[i]];
            fields[i] = new FittedField(field.Name, features[i], ReadField(field, new ParameterReader(description.Fields[i], field.Name)));
        }

        if (fields.All(field => field.Transform.Width == 0))
            throw new ArgumentException("The encoder description is damaged: no field has features.", nameof(description));

        return new FeatureEncoder(spec, fields);
    }

    /// <summary>Rebuilds the fields of any encoder, without the spec it was fitted for; what field of a record each came from is not known.</summary>
    /// <exception cref="ArgumentException">The description is damaged.</exception>
    public static FittedField[] ReadFields(EncoderDescription description)
    {
        var fields = new FittedField[description.Fields.Count];
        for (var i = 0; i < fields.Length; i++)
        {
            var number = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"number {i + 1}");
            var name = new ParameterReader(description.Fields[i], number).Text("field");
            var parameters = new ParameterReader(description.Fields[i], name);
            var kind = parameters.Text("kind");
            FieldKind[] kinds = [FieldKind.Numeric, FieldKind.Categorical, FieldKind.Boolean, FieldKind.Timestamp];
            var found = Array.Find(kinds, known => KindName(known) == kind);
            fields[i] = new FittedField(name, -1, ReadField(new FieldSpec { Name = name, Kind = found }, parameters));
        }

        return fields;
    }

    public static string KindName(FieldKind kind) => kind switch
    {
        FieldKind.Numeric => "numeric",
        FieldKind.Categorical => "categorical",
        FieldKind.Boolean => "boolean",
        FieldKind.Timestamp => "timestamp",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a feature."),
    };

    private static FieldTransform ReadField(FieldSpec field, ParameterReader parameters)
    {
        var name = parameters.Text("field");
        if (!string.Equals(name, field.Name, StringComparison.Ordinal))
            throw parameters.Damaged($"'{name}' stands in its place");

        var kind = parameters.Text("kind");
        if (!string.Equals(kind, KindName(field.Kind), StringComparison.Ordinal))
            throw parameters.Damaged($"its kind is '{kind}', declared is '{KindName(field.Kind)}'");

        var transform = parameters.Text("transform");
        return (field.Kind, transform) switch
        {
            (_, AbsentTransform.Name) => AbsentTransform.Restore(parameters),
            (FieldKind.Numeric, LinearTransform.Standard or LinearTransform.Robust or LinearTransform.Constant) => LinearTransform.Restore(transform, parameters),
            (FieldKind.Numeric, Log1pTransform.Name) => Log1pTransform.Restore(parameters),
            (FieldKind.Numeric, QuantileTransform.Name) => QuantileTransform.Restore(parameters),
            (FieldKind.Categorical, CategoryTransform.Name) => CategoryTransform.Restore(parameters),
            (FieldKind.Boolean, BooleanTransform.Name) => BooleanTransform.Restore(parameters),
            (FieldKind.Timestamp, TimestampTransform.Name) => TimestampTransform.Restore(parameters),
            _ => throw parameters.Damaged($"'transform' is '{transform}', which no {kind} field has"),
        };
    }
}
