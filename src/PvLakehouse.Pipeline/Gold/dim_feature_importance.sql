-- gold.dim_feature_importance: what each feature is worth to each version of a model.
-- grain: (model_version_id, feature_name)
SELECT v.model_version_id, i.feature_name, i.category, i.unit, i.permutation AS importance_score,
  CAST(row_number() OVER (PARTITION BY i.run_id ORDER BY i.permutation DESC, i.gain DESC NULLS LAST, i.feature_name) AS INTEGER) AS importance_rank,
  i.gain
FROM feature_importance i
JOIN dim_model_version v ON v.run_id = i.run_id
