"""Predicts with a saved model in Python.   predict_xgboost.py MODEL ROWS PREDICTIONS COPY

ROWS holds 64-bit numbers row after row, PREDICTIONS gets 32-bit numbers, COPY the model as Python saves it. Prints the features.
"""
import sys

import numpy
import xgboost

model, rows, predictions, copy = sys.argv[1:]
booster = xgboost.Booster(model_file=model)
values = numpy.fromfile(rows, dtype="<f8").reshape(-1, booster.num_features())
booster.predict(xgboost.DMatrix(values, feature_names=booster.feature_names)).astype("<f4").tofile(predictions)
booster.save_model(copy)
print(" ".join(booster.feature_names))
